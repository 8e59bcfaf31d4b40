/** What the extension brings: every named export that is a component is `!focal.<its name>` in the file. */
export { FocalLoss } from './focal-loss.ts'
export { PatientTrainer } from './patient-trainer.ts'
