/** `!Script`: registered on import, like the library. */
import { register } from '../core/registry.ts'
import { Script } from './script.ts'

register([Script])

export { Script }
