'use client'
/** What the hub ships, for whoever begins: a click puts it into the editor. */
import { Panel } from '../ui/panel.tsx'

export function Examples({
  templates,
  onChoose,
}: {
  readonly templates: readonly { readonly name: string; readonly title: string; readonly text: string }[]
  readonly onChoose: (text: string) => void
}) {
  if (templates.length === 0) return null
  return (
    <Panel flush title="Start from an example">
      <ul className="divide-y divide-line">
        {templates.slice(0, 20).map(template => (
          <li key={template.name}>
            <button
              type="button"
              onClick={() => onChoose(template.text)}
              className="block w-full px-3 py-2 text-left text-xs hover:bg-hover focus-visible:-outline-offset-2"
            >
              <span className="block text-sm font-semibold">{template.name}</span>
              <span className="line-clamp-2 text-muted">{template.title}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
