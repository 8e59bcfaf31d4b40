/** The built-in library. Importing it registers its components under their class names. */
import { register } from '../core/registry.ts'
import { ImageDataset } from './data/image-dataset.ts'
import { TabularDataset } from './data/tabular-dataset.ts'
import { ImageField } from './field/image-field.ts'
import { LabelField } from './field/label-field.ts'
import { NumericField } from './field/numeric-field.ts'
import { Evaluator } from './learn/evaluator.ts'
import { Exporter } from './learn/exporter.ts'
import { Trainer } from './learn/trainer.ts'
import { BCEWithLogitsLoss, CrossEntropyLoss, L1Loss, MSELoss, NLLLoss } from './loss/losses.ts'
import { Accuracy, BPC, MAE, MSE, Perplexity, RecallAtK, RMSE } from './metric/metrics.ts'
import { ImageClassifier, LogisticRegression, TabularClassifier } from './nn/classifiers.ts'
import { CNNEncoder } from './nn/cnn-encoder.ts'
import { MLPEncoder } from './nn/mlp-encoder.ts'
import { SoftmaxLayer } from './nn/softmax-layer.ts'
import { Adam, AdamW } from './optimizer/adam.ts'
import { SGD } from './optimizer/sgd.ts'
import { BaseSampler } from './sampler/base-sampler.ts'
import {
  CosineAnnealingLR,
  ExponentialLR,
  NoamScheduler,
  ReduceLROnPlateau,
  StepLR,
  WarmupLinearScheduler,
} from './schedule/schedules.ts'

register([
  TabularDataset,
  ImageDataset,
  LabelField,
  NumericField,
  ImageField,
  BaseSampler,
  MLPEncoder,
  CNNEncoder,
  SoftmaxLayer,
  ImageClassifier,
  TabularClassifier,
  LogisticRegression,
  NLLLoss,
  CrossEntropyLoss,
  BCEWithLogitsLoss,
  MSELoss,
  L1Loss,
  Accuracy,
  RecallAtK,
  MSE,
  RMSE,
  MAE,
  Perplexity,
  BPC,
  SGD,
  Adam,
  AdamW,
  CosineAnnealingLR,
  ExponentialLR,
  NoamScheduler,
  ReduceLROnPlateau,
  StepLR,
  WarmupLinearScheduler,
  Trainer,
  Evaluator,
  Exporter,
])

export { type Cell, cells, type Encoded, packed, type RawColumn } from './data/column.ts'
export { Dataset, type FieldSpec, type Splits } from './data/dataset.ts'
export { Split } from './data/split.ts'
export { Field } from './field/field.ts'
export { Loss } from './loss/loss.ts'
export { AverageMetric, Metric } from './metric/metric.ts'
export { Encoder } from './nn/encoder.ts'
export { Model, type Output } from './nn/model.ts'
export { type Fill, Module, weightsOf } from './nn/module.ts'
export { Optimizer, type Slots } from './optimizer/optimizer.ts'
export { type Batches, type Position, Sampler } from './sampler/sampler.ts'
export { LRScheduler } from './schedule/lr-scheduler.ts'
export {
  Accuracy,
  Adam,
  AdamW,
  BaseSampler,
  BCEWithLogitsLoss,
  BPC,
  CNNEncoder,
  CosineAnnealingLR,
  CrossEntropyLoss,
  Evaluator,
  ExponentialLR,
  Exporter,
  ImageClassifier,
  ImageDataset,
  ImageField,
  L1Loss,
  LabelField,
  LogisticRegression,
  MAE,
  MLPEncoder,
  MSE,
  MSELoss,
  NLLLoss,
  NoamScheduler,
  NumericField,
  Perplexity,
  RecallAtK,
  ReduceLROnPlateau,
  RMSE,
  SGD,
  SoftmaxLayer,
  StepLR,
  TabularClassifier,
  TabularDataset,
  Trainer,
  WarmupLinearScheduler,
}
