export {
  type Exit,
  exit,
  failure,
  type Manifest,
  manifest,
  manifestPath,
  metric,
  sha256,
  type WireFailure,
} from './common.ts'
export { type Down, down } from './down.ts'
export {
  type CheckpointFile,
  type Control,
  checkpointFile,
  control,
  type ExitFile,
  exitFile,
  FOLDER,
  type Places,
  type ProcessFile,
  places,
  processFile,
} from './folder.ts'
export { crc32c, FRAME_BYTES, type Frames, frame, MAX_PAYLOAD_BYTES, type Record, record, unframe } from './record.ts'
export { FINAL_REFUSALS, isFinal, LATER_REFUSALS, type Refusal, type RefusalCode, refusal } from './refusal.ts'
export { readSecrets, type Secrets } from './secrets.ts'
export { type Spec, spec } from './spec.ts'
export {
  type Answer,
  type Stream,
  stream,
  type Up,
  type UpAnswer,
  type Upload,
  type UploadAnswer,
  up,
  upload,
} from './up.ts'
export {
  AGENT_PATH,
  CAN_DESCRIBE,
  CAN_INSTALL,
  FLUSH_EVERY,
  HEARTBEAT_EVERY,
  LIVE_PATH,
  MAX_BATCH_BYTES,
  MAX_CHUNK_BYTES,
  MAX_EXTENSION_BYTES,
  MAX_EXTENSION_FILES,
  PROTOCOL_VERSION,
  UPLOAD_CREDITS,
  UPLOAD_PATH,
} from './version.ts'
