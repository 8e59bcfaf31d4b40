'use client'
/** The last resort, when the shell itself failed: no styles are sure to be there. */
export default function GlobalError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ font: '14px system-ui, sans-serif', padding: 32 }}>
        <title>Flambé: error</title>
        <h1 style={{ fontSize: 18 }}>The page failed</h1>
        <pre style={{ whiteSpace: 'pre-wrap' }}>{error.message}</pre>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  )
}
