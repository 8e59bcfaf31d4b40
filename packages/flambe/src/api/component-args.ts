// Generated from the catalogue by scripts/component-args.ts; do not edit.
import type { Node, Value } from './builders.ts'

export interface ComponentArgs {
  /** Share of examples whose highest score is the target, 0..1. */
  readonly Accuracy: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'Accuracy.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Adam: step sizes a weight, from means of its gradients and of their squares. */
  readonly Adam: {
    /** Learning rate */
    readonly lr?: number | Node | undefined
    /** Weight of the past in the means of gradients and of their squares */
    readonly betas?: readonly Value[] | Node | undefined
    /** Added to the denominator */
    readonly eps?: number | Node | undefined
    /** Added to the gradient: this times the weight */
    readonly weight_decay?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'Adam.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Adam with a weight decay of its own, apart from the gradients. */
  readonly AdamW: {
    /** Learning rate */
    readonly lr?: number | Node | undefined
    /** Weight of the past in the means of gradients and of their squares */
    readonly betas?: readonly Value[] | Node | undefined
    /** Added to the denominator */
    readonly eps?: number | Node | undefined
    /** Share of the weight, times lr, taken off at each update */
    readonly weight_decay?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'AdamW.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Binary cross entropy of 0/1 targets, from unnormalised scores. */
  readonly BCEWithLogitsLoss: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'BCEWithLogitsLoss.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Bits a character: mean negative log likelihood in base 2. */
  readonly BPC: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'BPC.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Batches of a split, shuffled anew every epoch, or in order. */
  readonly BaseSampler: {
    /** Examples a batch */
    readonly batch_size?: number | Node | undefined
    /** A new order every epoch */
    readonly shuffle?: boolean | Node | undefined
    /** Leave out a last, smaller batch */
    readonly drop_last?: boolean | Node | undefined
    /** Use only this share of the rows, in (0, 1] */
    readonly downsample?: number | null | Node | undefined
    /** Use at most this many rows */
    readonly downsample_max_samples?: number | null | Node | undefined
    /** Chooses the rows that are used */
    readonly downsample_seed?: number | Node | undefined
    /** Seed of the order; default: the trial's seed */
    readonly seed?: number | null | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'BaseSampler.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Convolutions with activation and pooling over images. */
  readonly CNNEncoder: {
    /** Height, width and channels of an image: `!@ data.image.shape` */
    readonly input_shape: readonly Value[] | Node | undefined
    /** Filters of each convolution, in order */
    readonly channels: readonly Value[] | Node | undefined
    /** Side of the filters, one for all or one a layer */
    readonly kernel_size?: number | readonly Value[] | Node | undefined
    /** After each convolution */
    readonly activation?: 'linear' | 'relu' | 'elu' | 'selu' | 'tanh' | 'sigmoid' | 'softplus' | null | Node | undefined
    /** Side and stride of the max pooling after each convolution */
    readonly pooling?: number | null | Node | undefined
    /** Share of values set to zero while training */
    readonly dropout?: number | Node | undefined
    /** Normalise over the batch after each convolution */
    readonly batch_norm?: boolean | Node | undefined
    /** Stride of the convolutions, one for all or one a layer */
    readonly stride?: number | readonly Value[] | Node | undefined
    /** Pixels added at each border */
    readonly padding?: 'same' | 'valid' | number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'CNNEncoder.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Lets the rate fall to eta_min along half a cosine (Loshchilov and Hutter 2017). */
  readonly CosineAnnealingLR: {
    /** Steps until eta_min; it stays there afterwards */
    readonly T_max: number | Node | undefined
    /** The lowest rate */
    readonly eta_min?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'CosineAnnealingLR.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Cross entropy of the target class, from unnormalised scores (or log probabilities). */
  readonly CrossEntropyLoss: {
    /** Weight of each class; the mean is weighted too */
    readonly weight?: readonly Value[] | null | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'CrossEntropyLoss.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Evaluates a model on the test split (or another). */
  readonly Evaluator: {
    /** Where the split comes from */
    readonly dataset: Node<'Dataset'> | undefined
    /** What is evaluated */
    readonly model: Node<'Model'> | undefined
    /** The metric of this trial */
    readonly metric_fn: Node<'Metric'> | undefined
    /** Batches; default: 128 in order */
    readonly eval_sampler?: Node<'Sampler'> | undefined
    /** The split */
    readonly eval_data?: 'train' | 'val' | 'test' | Node | undefined
    /** Direction of metric_fn */
    readonly lower_is_better?: boolean | Node | undefined
    /** Further metrics, only logged */
    readonly extra_metrics?: readonly Value[] | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'Evaluator.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Multiplies the rate by gamma every step. */
  readonly ExponentialLR: {
    /** Factor of each step */
    readonly gamma: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'ExponentialLR.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Keeps components and values under names of your choice, for later loading. */
  readonly Exporter: {
    readonly [keyword: string]: Value | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'Exporter.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Classifies images with an encoder and an output layer. */
  readonly ImageClassifier: {
    /** Turns an input into features */
    readonly encoder: Node<'Encoder'> | undefined
    /** Turns flattened features into (log) probabilities */
    readonly output_layer: Node<'Encoder'> | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'ImageClassifier.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Images with labels. A batch is `[image, label]`. */
  readonly ImageDataset: {
    /** IDX file (.gz or not) of the train images */
    readonly train_images: string | Node | undefined
    /** IDX file of the train labels */
    readonly train_labels: string | Node | undefined
    /** IDX file of the val images; without it, val is cut from train */
    readonly val_images?: string | null | Node | undefined
    /** IDX file of the val labels */
    readonly val_labels?: string | null | Node | undefined
    /** IDX file of the test images; without it, test is cut from train */
    readonly test_images?: string | null | Node | undefined
    /** IDX file of the test labels */
    readonly test_labels?: string | null | Node | undefined
    /** Share of all rows that becomes the test split */
    readonly test_ratio?: number | Node | undefined
    /** Share of the remaining rows that becomes the val split */
    readonly val_ratio?: number | Node | undefined
    /** Seed of the cut. Not the trial's: all trials must see the same cut */
    readonly seed?: number | Node | undefined
    /** Columns of a batch; default `{image: !ImageField, label: !LabelField}` */
    readonly transform?: { readonly [key: string]: Value | undefined } | null | Node | undefined
  }
  /** Reads a folder of IDX files with the names of MNIST. */
  readonly 'ImageDataset.from_idx': {
    /** Folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, and so for val and test (or t10k); .gz or not */
    readonly path: string | Node | undefined
    /** Share of all rows that becomes the test split */
    readonly test_ratio?: number | Node | undefined
    /** Share of the remaining rows that becomes the val split */
    readonly val_ratio?: number | Node | undefined
    /** Seed of the cut. Not the trial's: all trials must see the same cut */
    readonly seed?: number | Node | undefined
    /** Columns of a batch; default `{image: !ImageField, label: !LabelField}` */
    readonly transform?: { readonly [key: string]: Value | undefined } | null | Node | undefined
  }
  /** Reads folders of PNG and JPEG images, one sub-folder a class. */
  readonly 'ImageDataset.from_folder': {
    /** Folder with one sub-folder of .png or .jpg images a class */
    readonly train_path: string | Node | undefined
    /** Such a folder for val; without it, val is cut from train */
    readonly val_path?: string | null | Node | undefined
    /** Such a folder for test; without it, test is cut from train */
    readonly test_path?: string | null | Node | undefined
    /** 1 = grey, 3 = colour */
    readonly channels?: number | Node | undefined
    /** Share of all rows that becomes the test split */
    readonly test_ratio?: number | Node | undefined
    /** Share of the remaining rows that becomes the val split */
    readonly val_ratio?: number | Node | undefined
    /** Seed of the cut. Not the trial's: all trials must see the same cut */
    readonly seed?: number | Node | undefined
    /** Columns of a batch; default `{image: !ImageField, label: !LabelField}` */
    readonly transform?: { readonly [key: string]: Value | undefined } | null | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'ImageDataset.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Turns images into tensors of height x width x channels. */
  readonly ImageField: {
    /** Pixels (0..255) are multiplied by this */
    readonly scale?: number | Node | undefined
    /** Subtracted after scaling */
    readonly mean?: number | Node | undefined
    /** Divided by, after the mean was subtracted */
    readonly std?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'ImageField.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Mean absolute error. */
  readonly L1Loss: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'L1Loss.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Turns labels into class indexes. */
  readonly LabelField: {
    /** Labels in the order of their indexes; without it, the order of first appearance over train, val, test */
    readonly labels?: readonly Value[] | null | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'LabelField.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** One dense layer with log softmax: logistic regression. */
  readonly LogisticRegression: {
    /** Numbers an example has */
    readonly input_size: number | Node | undefined
    /** Classes */
    readonly output_size?: number | Node | undefined
    /** Share of values set to zero while training */
    readonly dropout?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'LogisticRegression.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Mean absolute error. */
  readonly MAE: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'MAE.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Dense layers: a multi-layer perceptron. Inputs with more dimensions are flattened. */
  readonly MLPEncoder: {
    /** Numbers an example has */
    readonly input_size: number | Node | undefined
    /** Numbers that come out */
    readonly output_size: number | Node | undefined
    /** Dense layers, the output layer included */
    readonly n_layers?: number | Node | undefined
    /** Share of values set to zero while training */
    readonly dropout?: number | Node | undefined
    /** After the last layer */
    readonly output_activation?:
      | 'linear'
      | 'relu'
      | 'elu'
      | 'selu'
      | 'tanh'
      | 'sigmoid'
      | 'softplus'
      | null
      | Node
      | undefined
    /** Width of hidden layers; default input_size */
    readonly hidden_size?: number | null | Node | undefined
    /** After each hidden layer */
    readonly hidden_activation?:
      | 'linear'
      | 'relu'
      | 'elu'
      | 'selu'
      | 'tanh'
      | 'sigmoid'
      | 'softplus'
      | null
      | Node
      | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'MLPEncoder.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Mean squared error. */
  readonly MSE: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'MSE.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Mean squared error. */
  readonly MSELoss: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'MSELoss.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Negative log likelihood of the target class, from log probabilities. */
  readonly NLLLoss: {
    /** Weight of each class; the mean is weighted too */
    readonly weight?: readonly Value[] | null | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'NLLLoss.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Linear warm-up, then a fall with the root of the updates (Vaswani et al. 2017). For iter_scheduler. */
  readonly NoamScheduler: {
    /** Updates of the warm-up */
    readonly warmup: number | Node | undefined
    /** Width of the model */
    readonly d_model: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'NoamScheduler.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Turns one or several columns into a vector of numbers. */
  readonly NumericField: {
    /** Subtract the mean and divide by the standard deviation, both of the train split */
    readonly standardize?: boolean | Node | undefined
    /** What an empty cell means: an error, or the mean of the train split */
    readonly missing?: 'error' | 'mean' | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'NumericField.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** e to the mean negative log likelihood of the target. */
  readonly Perplexity: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'Perplexity.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Root of the mean squared error. */
  readonly RMSE: {
    readonly [keyword: string]: never
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'RMSE.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Share of examples whose target is among the k highest scores, 0..1. */
  readonly RecallAtK: {
    /** How many scores count */
    readonly top_k?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'RecallAtK.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Multiplies the rate by factor when the validation loss has stopped falling. */
  readonly ReduceLROnPlateau: {
    /** Factor of each change */
    readonly factor?: number | Node | undefined
    /** Steps without a better loss that are borne */
    readonly patience?: number | Node | undefined
    /** Share by which a loss must be lower to be better */
    readonly threshold?: number | Node | undefined
    /** The lowest rate */
    readonly min_lr?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'ReduceLROnPlateau.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Stochastic gradient descent, with or without momentum. */
  readonly SGD: {
    /** Learning rate */
    readonly lr?: number | Node | undefined
    /** Weight of past gradients */
    readonly momentum?: number | Node | undefined
    /** Added to the gradient: this times the weight */
    readonly weight_decay?: number | Node | undefined
    /** Look ahead along the momentum */
    readonly nesterov?: boolean | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'SGD.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Runs a program in any language; what it reports are steps of the trial. */
  readonly Script: {
    /** Program file: .py, .js, .ts, .sh, or anything executable. Inside `code` if that is given. */
    readonly script?: string | Node | undefined
    /** Program and first arguments, instead of `script`. */
    readonly command?: readonly Value[] | Node | undefined
    /** Folder that is sent with the experiment; the program starts in a copy of it. */
    readonly code?: string | Node | undefined
    /** Arguments, as text. */
    readonly args?: readonly Value[] | Node | undefined
    /** Arguments `--name value`; null leaves one out. */
    readonly kwargs?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Which reported value is the trial's metric. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** Name of an argument that gets a folder for results. */
    readonly output_dir_arg?: string | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'Script.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Dense layers followed by (log) softmax. */
  readonly SoftmaxLayer: {
    /** Numbers an example has */
    readonly input_size: number | Node | undefined
    /** Classes */
    readonly output_size: number | Node | undefined
    /** Dense layers */
    readonly mlp_layers?: number | Node | undefined
    /** Share of values set to zero while training */
    readonly mlp_dropout?: number | Node | undefined
    /** Width of hidden layers; default input_size */
    readonly mlp_hidden_size?: number | null | Node | undefined
    /** After each hidden layer */
    readonly mlp_hidden_activation?:
      | 'linear'
      | 'relu'
      | 'elu'
      | 'selu'
      | 'tanh'
      | 'sigmoid'
      | 'softplus'
      | null
      | Node
      | undefined
    /** Give log probabilities (for NLLLoss) instead of probabilities */
    readonly take_log?: boolean | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'SoftmaxLayer.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Multiplies the rate by gamma every step_size steps. */
  readonly StepLR: {
    /** Steps between two changes */
    readonly step_size: number | Node | undefined
    /** Factor of each change */
    readonly gamma?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'StepLR.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Classifies rows of numbers with an encoder and an output layer. */
  readonly TabularClassifier: {
    /** Turns an input into features */
    readonly encoder: Node<'Encoder'> | undefined
    /** Turns flattened features into (log) probabilities */
    readonly output_layer: Node<'Encoder'> | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'TabularClassifier.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** A table with train, val and test rows, and fields that turn columns into tensors. */
  readonly TabularDataset: {
    /** Rows of the train split: lists of cells */
    readonly train: readonly Value[] | Node | undefined
    /** Rows of the val split */
    readonly val?: readonly Value[] | Node | undefined
    /** Rows of the test split */
    readonly test?: readonly Value[] | Node | undefined
    /** Names of the columns; default 0, 1, ... */
    readonly named_columns?: readonly Value[] | null | Node | undefined
    /** Columns of a batch: `name: field` takes the n-th column, `name: {field, columns}` the given ones. Put the target last. Without it every column becomes a label */
    readonly transform?: { readonly [key: string]: Value | undefined } | null | Node | undefined
  }
  /** Reads each split from a file or folder of its own. */
  readonly 'TabularDataset.from_path': {
    /** File or folder (.csv, .tsv, .jsonl) of the train split */
    readonly train_path: string | Node | undefined
    /** File or folder of the val split */
    readonly val_path?: string | null | Node | undefined
    /** File or folder of the test split */
    readonly test_path?: string | null | Node | undefined
    /** Separator; default: comma for .csv, else tab */
    readonly sep?: string | null | Node | undefined
    /** `infer` or 0: the first line holds the names; null: there are none */
    readonly header?: string | number | null | Node | undefined
    /** Columns to keep, all by name or all by index */
    readonly columns?: readonly Value[] | null | Node | undefined
    /** Text encoding of the files */
    readonly encoding?: string | Node | undefined
    /** Columns of a batch: `name: field` takes the n-th column, `name: {field, columns}` the given ones. Put the target last. Without it every column becomes a label */
    readonly transform?: { readonly [key: string]: Value | undefined } | null | Node | undefined
  }
  /** Reads one file or folder and cuts it into splits, always in the same way for the same seed. */
  readonly 'TabularDataset.autogen': {
    /** File or folder (.csv, .tsv, .jsonl) that is cut into three splits */
    readonly data_path: string | Node | undefined
    /** Share of all rows that becomes the test split */
    readonly test_ratio?: number | Node | undefined
    /** Share of the remaining rows that becomes the val split */
    readonly val_ratio?: number | Node | undefined
    /** Seed of the cut. Not the trial's: all trials must see the same cut */
    readonly seed?: number | Node | undefined
    /** Separator; default: comma for .csv, else tab */
    readonly sep?: string | null | Node | undefined
    /** `infer` or 0: the first line holds the names; null: there are none */
    readonly header?: string | number | null | Node | undefined
    /** Columns to keep, all by name or all by index */
    readonly columns?: readonly Value[] | null | Node | undefined
    /** Text encoding of the files */
    readonly encoding?: string | Node | undefined
    /** Columns of a batch: `name: field` takes the n-th column, `name: {field, columns}` the given ones. Put the target last. Without it every column becomes a label */
    readonly transform?: { readonly [key: string]: Value | undefined } | null | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'TabularDataset.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Trains a model in steps, evaluates after each, and keeps the best weights. */
  readonly Trainer: {
    /** Its train split is learned from, its val split evaluated on */
    readonly dataset: Node<'Dataset'> | undefined
    /** Batches of the train split */
    readonly train_sampler: Node<'Sampler'> | undefined
    /** Batches of the val split; default: 128 in order */
    readonly val_sampler?: Node<'Sampler'> | undefined
    /** What is trained */
    readonly model: Node<'Model'> | undefined
    /** What is minimised */
    readonly loss_fn: Node<'Loss'> | undefined
    /** What says which weights are best */
    readonly metric_fn: Node<'Metric'> | undefined
    /** How weights follow gradients */
    readonly optimizer: Node<'Optimizer'> | undefined
    /** Learning rate by step */
    readonly scheduler?: Node<'LRScheduler'> | null | undefined
    /** Learning rate by update */
    readonly iter_scheduler?: Node<'LRScheduler'> | null | undefined
    /** Steps until done; a step is trained, then evaluated */
    readonly max_steps?: number | Node | undefined
    /** Passes over the train split a step */
    readonly epoch_per_step?: number | Node | undefined
    /** Updates a step; wins over epoch_per_step */
    readonly iter_per_step?: number | null | Node | undefined
    /** Batches whose gradients are averaged for an update */
    readonly batches_per_iter?: number | Node | undefined
    /** Direction of metric_fn */
    readonly lower_is_better?: boolean | Node | undefined
    /** Upper bound of the global gradient norm; 0 = none */
    readonly max_grad_norm?: number | null | Node | undefined
    /** Upper bound of each gradient; 0 = none */
    readonly max_grad_abs_val?: number | null | Node | undefined
    /** Further metrics of the val split, only logged */
    readonly extra_validation_metrics?: readonly Value[] | Node | undefined
    /** Metrics of the train batches, only logged */
    readonly extra_training_metrics?: readonly Value[] | Node | undefined
    /** Updates between two logs of them; default: once a step */
    readonly extra_training_metrics_log_interval?: number | null | Node | undefined
    /** Updates between two logs of the norms of gradient and weights, which cost time */
    readonly norm_log_interval?: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'Trainer.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Linear warm-up, then a linear fall to zero. For iter_scheduler. */
  readonly WarmupLinearScheduler: {
    /** Updates of the warm-up */
    readonly warmup: number | Node | undefined
    /** Updates until the rate is zero */
    readonly n_steps: number | Node | undefined
  }
  /** Rebuilds a saved component; further keywords replace the saved ones. */
  readonly 'WarmupLinearScheduler.load_from_path': {
    /** A save folder. */
    readonly path: string | Node | undefined
    readonly [keyword: string]: Value | undefined
  }
  /** Every combination of choices, integer and stepped ranges, once each. */
  readonly Grid: {
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** An independent draw of the whole space for every trial. */
  readonly Random: {
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** Quasi-random points that cover the space more evenly than independent draws. Beyond 40 options, the rest are drawn independently. */
  readonly Sobol: {
    /** Scrambled by the seed; false: the plain sequence, the same for every seed. */
    readonly scramble?: boolean | Node | undefined
    /** When a point comes up that some trial has already: redraw asks for another and ends when a finite space is used up; reuse counts the known result once more and asks for another; allow runs it again. */
    readonly duplicates?: 'redraw' | 'reuse' | 'allow' | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** Tree-structured Parzen estimators: proposes where good trials are dense and others rare. Good for any space, with choices and conditions, from 20 trials to thousands; several objectives and constraints too. */
  readonly TPE: {
    /** Finished trials before the model takes over; until then draws are random. */
    readonly startup?: number | Node | undefined
    /** Draws of which the best is proposed. */
    readonly candidates?: number | Node | undefined
    /** One density over all options that are always there; false: one each. */
    readonly multivariate?: boolean | Node | undefined
    /** With multivariate: what an alternative brings is drawn jointly too. */
    readonly group?: boolean | Node | undefined
    /** Running trials count as bad, which keeps those of a batch apart. */
    readonly constant_liar?: boolean | Node | undefined
    /** When a point comes up that some trial has already: redraw asks for another and ends when a finite space is used up; reuse counts the known result once more and asks for another; allow runs it again. */
    readonly duplicates?: 'redraw' | 'reuse' | 'allow' | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** Bayesian optimisation with a Gaussian process: the fewest trials on smooth functions of up to about 20 options, at some milliseconds of thought each. */
  readonly GP: {
    /** Finished trials before the model takes over; until then draws are random. */
    readonly startup?: number | Node | undefined
    /** When a point comes up that some trial has already: redraw asks for another and ends when a finite space is used up; reuse counts the known result once more and asks for another; allow runs it again. */
    readonly duplicates?: 'redraw' | 'reuse' | 'allow' | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** An evolution strategy that learns the shape of the valley; for some hundred trials and more over numbers. Choices, and options that only some alternatives bring, are drawn by independent TPE. */
  readonly CMAES: {
    /** Trials a generation; 4 + floor(3 ln d) when left out. */
    readonly population?: number | Node | undefined
    /** First standard deviation as a share of each range; 1/6 when left out. */
    readonly sigma?: number | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** The model of BOHB: densities of good and bad points at the largest step that enough trials have reached, a third of the proposals random. Made for a scheduler that stops early, such as HyperBand or ASHA. */
  readonly BOHB: {
    /** Steps that count, those of the rungs; every reported step when left out. */
    readonly budgets?: readonly Value[] | Node | undefined
    /** Share of good points. */
    readonly top?: number | Node | undefined
    /** Share of random proposals. */
    readonly random_fraction?: number | Node | undefined
    /** Draws of which the best is proposed. */
    readonly candidates?: number | Node | undefined
    /** When a point comes up that some trial has already: redraw asks for another and ends when a finite space is used up; reuse counts the known result once more and asks for another; allow runs it again. */
    readonly duplicates?: 'redraw' | 'reuse' | 'allow' | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** A genetic algorithm for several objectives, with constraints; for many trials over any space. */
  readonly NSGA2: {
    /** Trials a generation. */
    readonly population?: number | Node | undefined
    /** Probability that a child has two parents. */
    readonly crossover?: number | Node | undefined
    /** Probability that an option comes from the second parent. */
    readonly swap?: number | Node | undefined
    /** Probability that an option is drawn anew; 1 / options when left out. */
    readonly mutation?: number | Node | undefined
    /** When a point comes up that some trial has already: redraw asks for another and ends when a finite space is used up; reuse counts the known result once more and asks for another; allow runs it again. */
    readonly duplicates?: 'redraw' | 'reuse' | 'allow' | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** Changes one option of a good recent trial at a time; for large spaces of choices, such as architectures. */
  readonly Evolution: {
    /** The newest trials that may be parents; as many random ones come first. */
    readonly population?: number | Node | undefined
    /** Members that are compared for a parent. */
    readonly sample?: number | Node | undefined
    /** When a point comes up that some trial has already: redraw asks for another and ends when a finite space is used up; reuse counts the known result once more and asks for another; allow runs it again. */
    readonly duplicates?: 'redraw' | 'reuse' | 'allow' | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
  }
  /** No early stopping: trials run in the order in which they were proposed, each to its own end. */
  readonly FIFO: {
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** Asynchronous successive halving: at each rung only the best 1/factor of the trials seen there go on. */
  readonly ASHA: {
    /** Steps at which a trial ends. */
    readonly max_t: number | Node | undefined
    /** Steps of the first rung; max_t / 13 when left out. */
    readonly grace?: number | Node | undefined
    /** A rung keeps the best 1/factor and the next lies factor times as far. */
    readonly factor?: number | Node | undefined
    /** What happens to the others at a rung: they end (stop), or pause until they are among the best (promote). */
    readonly mode?: 'stop' | 'promote' | Node | undefined
    /** Who is worse at a rung, with mode stop: halving counts the own value and keeps the best 1/factor; ray and syne decide as Ray Tune and Syne Tune do. */
    readonly rule?: 'halving' | 'ray' | 'syne' | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** ASHA in brackets: some trials are judged early, others late, the last bracket never; nobody waits for anybody. */
  readonly HyperBand: {
    /** Steps at which a trial ends. */
    readonly max_t: number | Node | undefined
    /** Steps of the earliest rung, at least; max_t / 81 when left out. */
    readonly grace?: number | Node | undefined
    /** A rung keeps the best 1/factor; brackets begin factor times later each. */
    readonly factor?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** HyperBand in step: trials of a bracket pause at a rung until all are there, then the best 1/factor go on. */
  readonly SyncHyperBand: {
    /** Steps at which a trial ends. */
    readonly max_t: number | Node | undefined
    /** Steps of the earliest rung, at least; max_t / 81 when left out. */
    readonly grace?: number | Node | undefined
    /** A rung keeps the best 1/factor; brackets begin factor times later each. */
    readonly factor?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** A trial stops when its best so far is worse than the median of the running means of the others at this step. */
  readonly MedianStopping: {
    /** Steps before it are not judged. */
    readonly grace?: number | Node | undefined
    /** Others that must have got to this step. */
    readonly min_trials?: number | Node | undefined
    /** The best n trials are never stopped. */
    readonly exempt?: number | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Whom it looks at: completed and running trials, means from the first step (vizier); all, means from the grace (ray). */
    readonly rule?: 'vizier' | 'ray' | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** A trial stops when its best so far is not within the best share of what completed trials had at this step. */
  readonly Percentile: {
    /** The share in percent that goes on. */
    readonly percentile?: number | Node | undefined
    /** Completed trials before it judges. */
    readonly startup?: number | Node | undefined
    /** Steps before it are not judged. */
    readonly grace?: number | Node | undefined
    /** It judges once in so many steps. */
    readonly interval?: number | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** A trial stops when its metric leaves the bounds. */
  readonly Threshold: {
    /** The least value that goes on, whatever the direction. */
    readonly lower?: number | Node | undefined
    /** The greatest value that goes on. */
    readonly upper?: number | Node | undefined
    /** Steps before it are not judged. */
    readonly grace?: number | Node | undefined
    /** It judges once in so many steps. */
    readonly interval?: number | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** A trial stops when it has not improved for some reports; around another scheduler, it holds back that one until then. */
  readonly Patience: {
    /** Reports without improvement that are forgiven. */
    readonly patience: number | Node | undefined
    /** A smaller improvement is none. */
    readonly min_delta?: number | Node | undefined
    /** The rule that is held back; running out of patience stops by itself when left out. */
    readonly scheduler?: Node<'Scheduler'> | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** For steps that are folds or problem instances: a trial stops when it is worse than the best completed one beyond chance. */
  readonly Wilcoxon: {
    /** The p-value below which a trial stops. */
    readonly p?: number | Node | undefined
    /** Steps that both must have. */
    readonly startup?: number | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** Population-based training: every interval, trials among the worst go on from a checkpoint of the best, with changed values. */
  readonly PBT: {
    /** Steps between two ranks of a trial. */
    readonly interval: number | Node | undefined
    /** Steps before the first. */
    readonly burn_in?: number | Node | undefined
    /** The share that copies, and the share that is copied. */
    readonly quantile?: number | Node | undefined
    /** Names of the options that change; all numbers and plain choices when left out. */
    readonly only?: readonly Value[] | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** How likely a value is drawn anew. */
    readonly resample?: number | Node | undefined
    /** What a number is multiplied by otherwise, one of these. */
    readonly factors?: readonly Value[] | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** Population-based bandits: PBT whose new values come from a Gaussian process over what raised the metric so far. For small populations; only numbers change. */
  readonly PB2: {
    /** Steps between two ranks of a trial. */
    readonly interval: number | Node | undefined
    /** Steps before the first. */
    readonly burn_in?: number | Node | undefined
    /** The share that copies, and the share that is copied. */
    readonly quantile?: number | Node | undefined
    /** Names of the options that change; all numbers and plain choices when left out. */
    readonly only?: readonly Value[] | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** Runs a schedule of values again that a population found: at each step of it the trial goes on from its own checkpoint with the values given there. What a trial begins with stands in `initial` of the search. */
  readonly Replay: {
    /** Changes: after `step`, go on with `params`; what a change leaves out stays as it was. */
    readonly schedule: readonly Value[] | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Direction of the metric; the component says it when left out. */
    readonly direction?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** As !Random; for every combination write !Grid. */
  readonly 'ray.BasicVariantGenerator': {
    /** Seed of the draws. */
    readonly random_state?: number | Node | undefined
    /** Leave it out: for every combination write !Grid. */
    readonly constant_grid_search?: Value | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !TPE {multivariate: false, constant_liar: false, duplicates: allow}, which shares its rule, not its numbers. */
  readonly 'ray.HyperOptSearch': {
    /** Finished trials before the model takes over. */
    readonly n_initial_points?: number | Node | undefined
    /** Seed of the draws. */
    readonly random_state_seed?: number | Node | undefined
    /** Leave it out: how many trials count as good is no choice here. */
    readonly gamma?: Value | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !TPE, the joint rule of Optuna 5. */
  readonly 'ray.OptunaSearch': {
    /** Leave it out: write the algorithm itself: !TPE, !GP, !CMAES or !NSGA2. */
    readonly sampler?: Value | undefined
    /** Leave it out: the experiment has a name. */
    readonly study_name?: Value | undefined
    /** Leave it out: the hub keeps everything. */
    readonly storage?: Value | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !GP. */
  readonly 'ray.BayesOptSearch': {
    /** Finished trials before the model takes over. */
    readonly random_search_steps?: number | Node | undefined
    /** Seed of the draws. */
    readonly random_state?: number | Node | undefined
    /** Leave it out: !GP proposes by log expected improvement. */
    readonly utility_kwargs?: Value | undefined
    /** Leave it out: `duplicates` says what happens to a point that comes up again. */
    readonly patience?: Value | undefined
    /** Leave it out: `duplicates` of !GP says what happens to a point that comes up again. */
    readonly skip_duplicate?: Value | undefined
    /** Leave it out: results of before cannot be given; write `initial`. */
    readonly analysis?: Value | undefined
    /** Changes nothing. */
    readonly verbose?: number | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !GP, the nearest to what Ax does by default. */
  readonly 'ray.AxSearch': {
    /** Leave it out: only reported metrics have limits: write `constraints` with !TPE. */
    readonly parameter_constraints?: Value | undefined
    /** Leave it out: write `constraints` with !TPE. */
    readonly outcome_constraints?: Value | undefined
    /** Leave it out: an object cannot stand in a file. */
    readonly ax_client?: Value | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !BOHB; with !ray.HyperBandForBOHB or any scheduler. */
  readonly 'ray.TuneBOHB': {
    /** Leave it out: write the params of !BOHB. */
    readonly bohb_config?: Value | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !GP. */
  readonly 'ray.HEBOSearch': {
    /** Seed of the draws. */
    readonly random_state_seed?: number | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !GP. */
  readonly 'ray.SkOptSearch': {
    /** Seed of the draws. */
    readonly random_state_seed?: number | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !GP. */
  readonly 'ray.DragonflySearch': {
    /** Seed of the draws. */
    readonly random_state_seed?: number | Node | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** As !CMAES, the best of its optimizers for numbers. */
  readonly 'ray.NevergradSearch': {
    /** Only CMA. */
    readonly optimizer?: string | Node | undefined
    /** Leave it out: write !CMAES and its own params. */
    readonly optimizer_kwargs?: Value | undefined
    /** Trials in all, those of `initial` and failed ones included. */
    readonly n_trials?: number | Node | undefined
    /** Seconds after which no new trial starts. */
    readonly timeout?: number | Node | undefined
    /** Seed of the draws; the seed of the experiment when left out. */
    readonly seed?: number | Node | undefined
    /** Most trials at the same time; as many as there are slots when left out. */
    readonly max_concurrent?: number | Node | undefined
    /** Points to try first, each a map of option names to values; options that a point leaves out are drawn. */
    readonly initial?: readonly Value[] | Node | undefined
    /** Name of the reported metric, or a list for several objectives; what `metric()` returned when left out. */
    readonly metric?: string | readonly Value[] | Node | undefined
    /** Direction of the metric, or a list with one for each objective; the component says it when left out. */
    readonly mode?: 'min' | 'max' | readonly Value[] | Node | undefined
    /** Limits of reported metrics, as in {latency_ms: {max: 20}}; points that miss them rank last. */
    readonly constraints?: { readonly [key: string]: Value | undefined } | Node | undefined
    /** Points to try first, as `initial`. */
    readonly points_to_evaluate?: readonly Value[] | Node | undefined
    /** Leave it out: the options of the block are the space. */
    readonly space?: Value | undefined
    /** Leave it out: points are run, results cannot be given; write `initial`. */
    readonly evaluated_rewards?: Value | undefined
  }
  /** ray.ZOOptSearch stands for nothing here: write !TPE */
  readonly 'ray.ZOOptSearch': {
    readonly [keyword: string]: Value | undefined
  }
  /** ray.SigOptSearch stands for nothing here: write !GP */
  readonly 'ray.SigOptSearch': {
    readonly [keyword: string]: Value | undefined
  }
  /** ray.CFO stands for nothing here: write !TPE */
  readonly 'ray.CFO': {
    readonly [keyword: string]: Value | undefined
  }
  /** ray.BlendSearch stands for nothing here: write !TPE */
  readonly 'ray.BlendSearch': {
    readonly [keyword: string]: Value | undefined
  }
  /** ray.ConcurrencyLimiter stands for nothing here: write the algorithm itself with `max_concurrent` */
  readonly 'ray.ConcurrencyLimiter': {
    readonly [keyword: string]: Value | undefined
  }
  /** ray.Repeater stands for nothing here: make the seed an option of the block, `seed: !g [1, 2, 3]` */
  readonly 'ray.Repeater': {
    readonly [keyword: string]: Value | undefined
  }
  /** As !FIFO. */
  readonly 'ray.FIFOScheduler': {
    readonly [keyword: string]: never
  }
  /** As !ASHA {mode: stop, rule: ray}: the others decide, and the first at a rung goes on. */
  readonly 'ray.ASHAScheduler': {
    /** Steps at which a trial ends. */
    readonly max_t?: number | Node | undefined
    /** Steps of the first rung. */
    readonly grace_period?: number | Node | undefined
    /** A rung keeps the best 1/factor. */
    readonly reduction_factor?: number | Node | undefined
    /** Only 1: for several brackets write !HyperBand. */
    readonly brackets?: Value | undefined
    /** Only true: a trial always ends at max_t here. */
    readonly stop_last_trials?: Value | undefined
    /** Only "training_iteration": steps are what counts here; leave it out. */
    readonly time_attr?: Value | undefined
    /** Changes nothing: the metric of the trial is what counts. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** As !ASHA {mode: stop, rule: ray}: the others decide, and the first at a rung goes on. */
  readonly 'ray.AsyncHyperBandScheduler': {
    /** Steps at which a trial ends. */
    readonly max_t?: number | Node | undefined
    /** Steps of the first rung. */
    readonly grace_period?: number | Node | undefined
    /** A rung keeps the best 1/factor. */
    readonly reduction_factor?: number | Node | undefined
    /** Only 1: for several brackets write !HyperBand. */
    readonly brackets?: Value | undefined
    /** Only true: a trial always ends at max_t here. */
    readonly stop_last_trials?: Value | undefined
    /** Only "training_iteration": steps are what counts here; leave it out. */
    readonly time_attr?: Value | undefined
    /** Changes nothing: the metric of the trial is what counts. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** As !SyncHyperBand; every bracket reaches max_t. */
  readonly 'ray.HyperBandScheduler': {
    /** Steps at which a trial ends. */
    readonly max_t?: number | Node | undefined
    /** A rung keeps the best 1/factor. */
    readonly reduction_factor?: number | Node | undefined
    /** Only true: a trial always ends at max_t here. */
    readonly stop_last_trials?: Value | undefined
    /** Only "training_iteration": steps are what counts here; leave it out. */
    readonly time_attr?: Value | undefined
    /** Changes nothing: the metric of the trial is what counts. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** As !SyncHyperBand, for a search with !BOHB. */
  readonly 'ray.HyperBandForBOHB': {
    /** Steps at which a trial ends. */
    readonly max_t?: number | Node | undefined
    /** A rung keeps the best 1/factor. */
    readonly reduction_factor?: number | Node | undefined
    /** Only true: a trial always ends at max_t here. */
    readonly stop_last_trials?: Value | undefined
    /** Only "training_iteration": steps are what counts here; leave it out. */
    readonly time_attr?: Value | undefined
    /** Changes nothing: the metric of the trial is what counts. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** As !MedianStopping {rule: ray}. */
  readonly 'ray.MedianStoppingRule': {
    /** Steps (not seconds) before it are not judged. */
    readonly grace_period?: number | Node | undefined
    /** Others that must have got this far. */
    readonly min_samples_required?: number | Node | undefined
    /** Only 0: there is no least time between two judgements here. */
    readonly min_time_slice?: Value | undefined
    /** Only true: a trial that is worse than the median ends; it does not pause. */
    readonly hard_stop?: Value | undefined
    /** Only "training_iteration": steps are what counts here; leave it out. */
    readonly time_attr?: Value | undefined
    /** Changes nothing: the metric of the trial is what counts. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** As !PBT; values stay in their ranges. */
  readonly 'ray.PopulationBasedTraining': {
    /** How likely a value is drawn anew. */
    readonly resample_probability?: number | Node | undefined
    /** What a number is multiplied by otherwise. */
    readonly perturbation_factors?: readonly Value[] | Node | undefined
    /** Only left out: ranges are options of the block, with a search such as !Random; `only` names those that change. */
    readonly hyperparam_mutations?: Value | undefined
    /** Only left out: a function cannot stand in a file; write a scheduler of your own. */
    readonly custom_explore_fn?: Value | undefined
    /** Steps (not seconds) between two ranks of a trial. */
    readonly perturbation_interval?: number | Node | undefined
    /** Steps before the first. */
    readonly burn_in_period?: number | Node | undefined
    /** The share that copies, and that is copied. */
    readonly quantile_fraction?: number | Node | undefined
    /** Names of the options that change; all when left out. */
    readonly only?: readonly Value[] | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Only left out: a population is in no step here. */
    readonly synch?: Value | undefined
    /** Only left out: a trial whose values are missing is not ranked. */
    readonly require_attrs?: Value | undefined
    /** Only left out: every exchange stands in the journal. */
    readonly log_config?: Value | undefined
    /** Only "training_iteration": steps are what counts here; leave it out. */
    readonly time_attr?: Value | undefined
    /** Changes nothing: the metric of the trial is what counts. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** As !PB2; bounds are the ranges of the options. */
  readonly 'ray.PB2': {
    /** Only left out: ranges are options of the block, with a search such as !Random; `only` names those that change. */
    readonly hyperparam_bounds?: Value | undefined
    /** Steps (not seconds) between two ranks of a trial. */
    readonly perturbation_interval?: number | Node | undefined
    /** Steps before the first. */
    readonly burn_in_period?: number | Node | undefined
    /** The share that copies, and that is copied. */
    readonly quantile_fraction?: number | Node | undefined
    /** Names of the options that change; all when left out. */
    readonly only?: readonly Value[] | Node | undefined
    /** Steps at which a trial ends; its own end when left out. */
    readonly max_t?: number | Node | undefined
    /** Only left out: a population is in no step here. */
    readonly synch?: Value | undefined
    /** Only left out: a trial whose values are missing is not ranked. */
    readonly require_attrs?: Value | undefined
    /** Only left out: every exchange stands in the journal. */
    readonly log_config?: Value | undefined
    /** Only "training_iteration": steps are what counts here; leave it out. */
    readonly time_attr?: Value | undefined
    /** Changes nothing: the metric of the trial is what counts. */
    readonly metric?: string | Node | undefined
    /** Direction of the metric. */
    readonly mode?: 'min' | 'max' | Node | undefined
    /** What follows a step at or after the grace whose metric is missing, NaN or infinite: the trial stops, the step is ignored, or the trial fails. */
    readonly on_nan?: 'stop' | 'ignore' | 'fail' | Node | undefined
  }
  /** ray.PopulationBasedTrainingReplay stands for nothing here: write `!Replay {schedule: [{step: 2, params: {lr: 0.1}}]}`; the page of a population (PBT) gives its schedule as such lines */
  readonly 'ray.PopulationBasedTrainingReplay': {
    readonly [keyword: string]: Value | undefined
  }
  /** ray.ResourceChangingScheduler stands for nothing here: devices are fixed for a block; write `devices: {block: {gpu: 1}}` */
  readonly 'ray.ResourceChangingScheduler': {
    readonly [keyword: string]: Value | undefined
  }
}

/** What each of them is, for keywords that take one. */
export interface ComponentKinds {
  readonly Accuracy: 'Accuracy' | 'AverageMetric' | 'Metric' | 'Component'
  readonly 'Accuracy.load_from_path': 'Accuracy' | 'AverageMetric' | 'Metric' | 'Component'
  readonly Adam: 'Adam' | 'AdamBase' | 'Optimizer' | 'Component'
  readonly 'Adam.load_from_path': 'Adam' | 'AdamBase' | 'Optimizer' | 'Component'
  readonly AdamW: 'AdamW' | 'AdamBase' | 'Optimizer' | 'Component'
  readonly 'AdamW.load_from_path': 'AdamW' | 'AdamBase' | 'Optimizer' | 'Component'
  readonly BCEWithLogitsLoss: 'BCEWithLogitsLoss' | 'Loss' | 'Component'
  readonly 'BCEWithLogitsLoss.load_from_path': 'BCEWithLogitsLoss' | 'Loss' | 'Component'
  readonly BPC: 'BPC' | 'LikelihoodMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly 'BPC.load_from_path': 'BPC' | 'LikelihoodMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly BaseSampler: 'BaseSampler' | 'Sampler' | 'Component'
  readonly 'BaseSampler.load_from_path': 'BaseSampler' | 'Sampler' | 'Component'
  readonly CNNEncoder: 'CNNEncoder' | 'Encoder' | 'Module' | 'Component'
  readonly 'CNNEncoder.load_from_path': 'CNNEncoder' | 'Encoder' | 'Module' | 'Component'
  readonly CosineAnnealingLR: 'CosineAnnealingLR' | 'LRScheduler' | 'Component'
  readonly 'CosineAnnealingLR.load_from_path': 'CosineAnnealingLR' | 'LRScheduler' | 'Component'
  readonly CrossEntropyLoss: 'CrossEntropyLoss' | 'ClassLoss' | 'Loss' | 'Component'
  readonly 'CrossEntropyLoss.load_from_path': 'CrossEntropyLoss' | 'ClassLoss' | 'Loss' | 'Component'
  readonly Evaluator: 'Evaluator' | 'Component'
  readonly 'Evaluator.load_from_path': 'Evaluator' | 'Component'
  readonly ExponentialLR: 'ExponentialLR' | 'LRScheduler' | 'Component'
  readonly 'ExponentialLR.load_from_path': 'ExponentialLR' | 'LRScheduler' | 'Component'
  readonly Exporter: 'Exporter' | 'Component'
  readonly 'Exporter.load_from_path': 'Exporter' | 'Component'
  readonly ImageClassifier: 'ImageClassifier' | 'Classifier' | 'Model' | 'Module' | 'Component'
  readonly 'ImageClassifier.load_from_path': 'ImageClassifier' | 'Classifier' | 'Model' | 'Module' | 'Component'
  readonly ImageDataset: 'ImageDataset' | 'Dataset' | 'Component'
  readonly 'ImageDataset.from_idx': 'ImageDataset' | 'Dataset' | 'Component'
  readonly 'ImageDataset.from_folder': 'ImageDataset' | 'Dataset' | 'Component'
  readonly 'ImageDataset.load_from_path': 'ImageDataset' | 'Dataset' | 'Component'
  readonly ImageField: 'ImageField' | 'Field' | 'Component'
  readonly 'ImageField.load_from_path': 'ImageField' | 'Field' | 'Component'
  readonly L1Loss: 'L1Loss' | 'Loss' | 'Component'
  readonly 'L1Loss.load_from_path': 'L1Loss' | 'Loss' | 'Component'
  readonly LabelField: 'LabelField' | 'Field' | 'Component'
  readonly 'LabelField.load_from_path': 'LabelField' | 'Field' | 'Component'
  readonly LogisticRegression: 'LogisticRegression' | 'Model' | 'Module' | 'Component'
  readonly 'LogisticRegression.load_from_path': 'LogisticRegression' | 'Model' | 'Module' | 'Component'
  readonly MAE: 'MAE' | 'ErrorMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly 'MAE.load_from_path': 'MAE' | 'ErrorMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly MLPEncoder: 'MLPEncoder' | 'Encoder' | 'Module' | 'Component'
  readonly 'MLPEncoder.load_from_path': 'MLPEncoder' | 'Encoder' | 'Module' | 'Component'
  readonly MSE: 'MSE' | 'ErrorMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly 'MSE.load_from_path': 'MSE' | 'ErrorMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly MSELoss: 'MSELoss' | 'Loss' | 'Component'
  readonly 'MSELoss.load_from_path': 'MSELoss' | 'Loss' | 'Component'
  readonly NLLLoss: 'NLLLoss' | 'ClassLoss' | 'Loss' | 'Component'
  readonly 'NLLLoss.load_from_path': 'NLLLoss' | 'ClassLoss' | 'Loss' | 'Component'
  readonly NoamScheduler: 'NoamScheduler' | 'LRScheduler' | 'Component'
  readonly 'NoamScheduler.load_from_path': 'NoamScheduler' | 'LRScheduler' | 'Component'
  readonly NumericField: 'NumericField' | 'Field' | 'Component'
  readonly 'NumericField.load_from_path': 'NumericField' | 'Field' | 'Component'
  readonly Perplexity: 'Perplexity' | 'LikelihoodMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly 'Perplexity.load_from_path': 'Perplexity' | 'LikelihoodMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly RMSE: 'RMSE' | 'MSE' | 'ErrorMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly 'RMSE.load_from_path': 'RMSE' | 'MSE' | 'ErrorMetric' | 'AverageMetric' | 'Metric' | 'Component'
  readonly RecallAtK: 'RecallAtK' | 'AverageMetric' | 'Metric' | 'Component'
  readonly 'RecallAtK.load_from_path': 'RecallAtK' | 'AverageMetric' | 'Metric' | 'Component'
  readonly ReduceLROnPlateau: 'ReduceLROnPlateau' | 'LRScheduler' | 'Component'
  readonly 'ReduceLROnPlateau.load_from_path': 'ReduceLROnPlateau' | 'LRScheduler' | 'Component'
  readonly SGD: 'SGD' | 'Optimizer' | 'Component'
  readonly 'SGD.load_from_path': 'SGD' | 'Optimizer' | 'Component'
  readonly Script: 'Script' | 'Component'
  readonly 'Script.load_from_path': 'Script' | 'Component'
  readonly SoftmaxLayer: 'SoftmaxLayer' | 'Encoder' | 'Module' | 'Component'
  readonly 'SoftmaxLayer.load_from_path': 'SoftmaxLayer' | 'Encoder' | 'Module' | 'Component'
  readonly StepLR: 'StepLR' | 'LRScheduler' | 'Component'
  readonly 'StepLR.load_from_path': 'StepLR' | 'LRScheduler' | 'Component'
  readonly TabularClassifier: 'TabularClassifier' | 'Classifier' | 'Model' | 'Module' | 'Component'
  readonly 'TabularClassifier.load_from_path': 'TabularClassifier' | 'Classifier' | 'Model' | 'Module' | 'Component'
  readonly TabularDataset: 'TabularDataset' | 'Dataset' | 'Component'
  readonly 'TabularDataset.from_path': 'TabularDataset' | 'Dataset' | 'Component'
  readonly 'TabularDataset.autogen': 'TabularDataset' | 'Dataset' | 'Component'
  readonly 'TabularDataset.load_from_path': 'TabularDataset' | 'Dataset' | 'Component'
  readonly Trainer: 'Trainer' | 'Component'
  readonly 'Trainer.load_from_path': 'Trainer' | 'Component'
  readonly WarmupLinearScheduler: 'WarmupLinearScheduler' | 'LRScheduler' | 'Component'
  readonly 'WarmupLinearScheduler.load_from_path': 'WarmupLinearScheduler' | 'LRScheduler' | 'Component'
  readonly Grid: 'Grid' | 'SearchAlgorithm'
  readonly Random: 'Random' | 'SearchAlgorithm'
  readonly Sobol: 'Sobol' | 'SearchAlgorithm'
  readonly TPE: 'TPE' | 'SearchAlgorithm'
  readonly GP: 'GP' | 'SearchAlgorithm'
  readonly CMAES: 'CMAES' | 'SearchAlgorithm'
  readonly BOHB: 'BOHB' | 'SearchAlgorithm'
  readonly NSGA2: 'NSGA2' | 'SearchAlgorithm'
  readonly Evolution: 'Evolution' | 'SearchAlgorithm'
  readonly FIFO: 'FIFO' | 'Scheduler'
  readonly ASHA: 'ASHA' | 'Scheduler'
  readonly HyperBand: 'HyperBand' | 'Scheduler'
  readonly SyncHyperBand: 'SyncHyperBand' | 'Scheduler'
  readonly MedianStopping: 'MedianStopping' | 'Scheduler'
  readonly Percentile: 'Percentile' | 'Scheduler'
  readonly Threshold: 'Threshold' | 'Scheduler'
  readonly Patience: 'Patience' | 'Scheduler'
  readonly Wilcoxon: 'Wilcoxon' | 'Scheduler'
  readonly PBT: 'PBT' | 'Scheduler'
  readonly PB2: 'PB2' | 'Scheduler'
  readonly Replay: 'Replay' | 'Scheduler'
  readonly 'ray.BasicVariantGenerator': 'ray.BasicVariantGenerator' | 'SearchAlgorithm'
  readonly 'ray.HyperOptSearch': 'ray.HyperOptSearch' | 'SearchAlgorithm'
  readonly 'ray.OptunaSearch': 'ray.OptunaSearch' | 'SearchAlgorithm'
  readonly 'ray.BayesOptSearch': 'ray.BayesOptSearch' | 'SearchAlgorithm'
  readonly 'ray.AxSearch': 'ray.AxSearch' | 'SearchAlgorithm'
  readonly 'ray.TuneBOHB': 'ray.TuneBOHB' | 'SearchAlgorithm'
  readonly 'ray.HEBOSearch': 'ray.HEBOSearch' | 'SearchAlgorithm'
  readonly 'ray.SkOptSearch': 'ray.SkOptSearch' | 'SearchAlgorithm'
  readonly 'ray.DragonflySearch': 'ray.DragonflySearch' | 'SearchAlgorithm'
  readonly 'ray.NevergradSearch': 'ray.NevergradSearch' | 'SearchAlgorithm'
  readonly 'ray.ZOOptSearch': 'ray.ZOOptSearch' | 'SearchAlgorithm'
  readonly 'ray.SigOptSearch': 'ray.SigOptSearch' | 'SearchAlgorithm'
  readonly 'ray.CFO': 'ray.CFO' | 'SearchAlgorithm'
  readonly 'ray.BlendSearch': 'ray.BlendSearch' | 'SearchAlgorithm'
  readonly 'ray.ConcurrencyLimiter': 'ray.ConcurrencyLimiter' | 'SearchAlgorithm'
  readonly 'ray.Repeater': 'ray.Repeater' | 'SearchAlgorithm'
  readonly 'ray.FIFOScheduler': 'ray.FIFOScheduler' | 'Scheduler'
  readonly 'ray.ASHAScheduler': 'ray.ASHAScheduler' | 'Scheduler'
  readonly 'ray.AsyncHyperBandScheduler': 'ray.AsyncHyperBandScheduler' | 'Scheduler'
  readonly 'ray.HyperBandScheduler': 'ray.HyperBandScheduler' | 'Scheduler'
  readonly 'ray.HyperBandForBOHB': 'ray.HyperBandForBOHB' | 'Scheduler'
  readonly 'ray.MedianStoppingRule': 'ray.MedianStoppingRule' | 'Scheduler'
  readonly 'ray.PopulationBasedTraining': 'ray.PopulationBasedTraining' | 'Scheduler'
  readonly 'ray.PB2': 'ray.PB2' | 'Scheduler'
  readonly 'ray.PopulationBasedTrainingReplay': 'ray.PopulationBasedTrainingReplay' | 'Scheduler'
  readonly 'ray.ResourceChangingScheduler': 'ray.ResourceChangingScheduler' | 'Scheduler'
}
