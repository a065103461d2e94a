import type { Text } from '#base/card.ts';
import { plain } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { Person, Place } from '#chat/platform.ts';
import { clusterOf } from '#commands/desk.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import { listMachines } from '#jobs/vm/list.ts';
import type { Vm } from '#proxmox/vms.ts';
import { may } from '../hear/may.ts';
import { couldApprove } from '../hear/vote.ts';
import { deskAt, type Office } from '../office.ts';
import type { Draft, DraftBlock, Planned } from './buttons.ts';
import { wordsOf } from './run-words.ts';

const mostWaiting = 5;
const mostJobs = 5;
const mostVms = 8;

/** What waits for a person, their jobs and VMs, and what they may start: no button that they may not press. */
export async function homeCard(office: Office, by: Person, place: Place): Promise<Draft> {
  const { runs } = office.desk;
  const names = await office.people.namesOf(by.key);
  const [asks, lists, { vms, noVms }] = await Promise.all([
    runs.openAsks({ key: by.key, name: by.name, groups: by.groups }),
    Promise.all(names.map((name) => runs.list({ by: name, limit: 50 }))),
    listMachines(clusterOf(deskAt(office, place))).then(({ vms }) => ({ vms, noVms: 'None yet.' }), whyNone),
  ]);
  const own = lists.flatMap((list) => list.runs).toSorted((one, other) => other.createdAt - one.createdAt);
  const made = new Set(own.flatMap(vmidMade));
  const others = asks.filter((run) => !names.includes(run.by.key));
  const theirs = await Promise.all(others.map((run) => couldApprove(office, by, run)));
  const waiting = others.filter((_, at) => theirs[at]).slice(0, mostWaiting);
  const allowed = ({ meaning }: Planned) => mayType(office, by, meaning);
  const mine = vms.filter(({ vmid }) => made.has(vmid)).slice(0, mostVms);
  return {
    card: {
      tone: 'info',
      fallback: `${waiting.length} wait for you, ${own.length} jobs and ${mine.length} VMs are yours.`,
      blocks: [
        ...section('Waiting for you', waiting.flatMap(waitingBlocks), 'Nothing.'),
        ...section('Your jobs', own.slice(0, mostJobs).map(jobBlock), 'None yet.'),
        ...section('Your VMs', mine.flatMap(vmBlocks).map(withOnly(allowed)), noVms),
        ...section('Start something', [{ kind: 'buttons', buttons: starters.filter(allowed) }], ''),
      ],
    },
    buttons: [],
  };
}

/** Whether a person may use the command that a button types, or whose form it opens. */
function mayType(office: Office, by: Person, meaning: Planned['meaning']): boolean {
  if (meaning.kind !== 'command' && meaning.kind !== 'form') return true;
  const line = meaning.kind === 'form' ? meaning.command : meaning.text.slice(1);
  const command = office.desk.table.find(({ path }) => line === path || line.startsWith(`${path} `));
  return command === undefined || may(office, command, by);
}

const withOnly =
  (allowed: (button: Planned) => boolean) =>
  (block: DraftBlock): DraftBlock =>
    block.kind === 'buttons' ? { ...block, buttons: block.buttons.filter(allowed) } : block;

/** A token that may see no VMs is no reason to show nothing else. */
function whyNone(error: unknown): { vms: never[]; noVms: string } {
  if (!(error instanceof UserError)) throw error;
  return { vms: [], noVms: error.message };
}

function section(title: string, blocks: readonly DraftBlock[], empty: string): DraftBlock[] {
  return [{ kind: 'title', text: title }, ...(blocks.length > 0 ? blocks : [{ kind: 'small' as const, text: empty }])];
}

function waitingBlocks({ id: run, view, text, by, ask }: RunRecord): DraftBlock[] {
  const revision = ask?.revision ?? 0;
  const title: Text = view ? plain(view.title) : text;
  return [
    { kind: 'text', text: [{ who: by.key, name: by.name }, ' asks: ', { b: title }] },
    {
      kind: 'buttons',
      buttons: [
        ask?.rule.typeName
          ? { label: 'Type its name', tone: 'primary', meaning: { kind: 'name', run, revision } }
          : {
              label: 'Approve',
              tone: 'primary',
              confirm: `Approve: ${title}?`,
              meaning: { kind: 'vote', run, revision, yes: true },
            },
        { label: 'Reject', tone: 'danger', meaning: { kind: 'reject', run, revision } },
        { label: 'Full plan', meaning: { kind: 'run', run, verb: 'plan' } },
      ],
    },
  ];
}

function jobBlock({ id, text, state, createdAt }: RunRecord): DraftBlock {
  return { kind: 'text', text: [{ code: id }, ` ${wordsOf(state)} · `, { code: text }, ' · ', { at: createdAt }] };
}

function vmBlocks({ vmid, name, node, status }: Vm): DraftBlock[] {
  const power: Planned =
    status === 'running' ? command('Stop', `/vm stop ${vmid}`) : command('Start', `/vm start ${vmid}`);
  const destroy: Planned = {
    ...command('Destroy', `/vm destroy ${vmid}`),
    tone: 'danger',
    confirm: `Destroy ${name ?? vmid}?`,
  };
  return [
    { kind: 'text', text: [{ b: name ?? String(vmid) }, ` · VM ${vmid} on ${node} · ${status}`] },
    { kind: 'buttons', buttons: [command('Show', `/vm show ${vmid}`), power, destroy] },
  ];
}

const command = (label: string, text: string): Planned => ({ label, meaning: { kind: 'command', text } });

const starters: readonly Planned[] = [
  { label: 'New VM', tone: 'primary', meaning: { kind: 'form', command: 'vm create' } },
  { label: 'Build a template', meaning: { kind: 'form', command: 'template build' } },
  command('All VMs', '/vm list'),
  command('Nodes', '/node list'),
  command('Help', '/help'),
];

/** The VM that a finished run made. */
function vmidMade({ job, state, result }: RunRecord): number[] {
  if (job !== 'vm create' || state !== 'done') return [];
  const { vmid } = (result ?? {}) as { vmid?: unknown };
  return typeof vmid === 'number' ? [vmid] : [];
}
