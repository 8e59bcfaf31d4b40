/** The trial process with the test components registered: what tests start instead of main.ts. */
import './parts.ts'
import './remains.ts'
import '../main.ts'
