/** A line under the editor: what its keys do. Narrow screens, which have no such keys, leave it to screen readers. */
const KEYS = [
  ['Ctrl Space', 'complete'],
  ['F1', 'explain'],
  ['F12', 'go to what is named'],
  ['Ctrl Enter', 'submit'],
] as const

export function EditorKeys() {
  return (
    <p
      id="editor-keys"
      className="flex min-h-7 shrink-0 flex-wrap items-center gap-x-4 border-t border-line px-3 py-1 text-2xs text-faint max-md:sr-only"
    >
      {KEYS.map(([key, does]) => (
        <span key={key} className="whitespace-nowrap">
          <kbd className="mr-1.5 rounded-sm border border-line bg-sunken px-1 text-muted">{key}</kbd>
          {does}
        </span>
      ))}
    </p>
  )
}
