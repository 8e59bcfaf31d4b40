'use client'
/** Takes an agent's token back, after saying what becomes of the trials that it runs. */
import { KeyRound } from 'lucide-react'
import { errorText } from '../api/client.ts'
import { useWrite } from '../api/query.ts'
import type { AgentView } from '../api/views.ts'
import { plural } from '../format/number.ts'
import { IconButton } from '../ui/button.tsx'
import { useConfirm } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'

export function Revoke({ agent }: { readonly agent: AgentView }) {
  const [ask, dialog] = useConfirm()
  const toast = useToast()
  const revoke = useWrite('agents.revoke', ['agents.list', 'hub.status'])
  return (
    <>
      {dialog}
      <IconButton
        label={`Revoke ${agent.name}`}
        icon={KeyRound}
        disabled={revoke.isPending}
        onClick={() =>
          ask({
            title: `Revoke ${agent.name}?`,
            text: whatHappens(agent),
            action: 'Revoke the agent',
            run: () =>
              revoke.mutate({ id: agent.id }, { onError: error => toast({ kind: 'error', text: errorText(error) }) }),
          })
        }
      />
    </>
  )
}

export function whatHappens({ attempts }: Pick<AgentView, 'attempts'>): string {
  const held =
    attempts.length === 0
      ? 'It runs no trial now.'
      : `${plural(attempts.length, 'trial')} that it runs ${attempts.length === 1 ? 'is' : 'are'} ended on that machine, and ${attempts.length === 1 ? 'goes' : 'go'} on elsewhere from the last checkpoint, without a retry being spent; what the machine had not delivered yet is lost. To let them end first, disable it instead.`
  return `Its connection ends at once and its token is worth nothing any more: the machine comes back only with a new join token. ${held}`
}
