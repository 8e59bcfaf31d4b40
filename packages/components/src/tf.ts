/**
 * The one copy of TensorFlow.js that a trial process uses. Nobody else imports '@tensorflow/tfjs': two copies would have
 * two engines. Reading data back is asynchronous everywhere (`await t.data()`): dataSync fails on webgpu.
 */
import * as tf from '@tensorflow/tfjs'

export { tf }
