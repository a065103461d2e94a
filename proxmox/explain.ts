import { classify, type Said } from './classify.ts';
import { type Kind, ProxmoxError } from './errors.ts';
import { shorten } from './shorten.ts';

/** Whose call failed: the cluster's name and the token's id (never its secret). */
export interface Caller {
  readonly cluster: string;
  readonly tokenId: string;
}

/** The error for a call that Proxmox answered with a no. `call` is its method and path. */
export function refusal(caller: Caller, call: string, said: Said): ProxmoxError {
  const { kind, outcome } = classify(said);
  const { message, hint = hints[kind] } = phrase(caller, call, kind, said);
  const { status, fields } = said;
  return new ProxmoxError(caller.cluster, message, {
    ...{ kind, outcome },
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { status }),
    ...(fields === undefined ? {} : { fields }),
  });
}

/** The error for a task that ended otherwise than well. */
export function taskFailure(cluster: string, task: string, exitStatus: string): ProxmoxError {
  const text = shorten(exitStatus.trim(), 1000);
  const { kind, outcome } = classify({ text, changes: true });
  const hint = hints[kind];
  return new ProxmoxError(cluster, `the task ${task} failed: ${reword(text) || 'it left no exit status'}`, {
    ...{ kind, outcome, taskEnded: true },
    ...(hint === undefined ? {} : { hint }),
  });
}

function phrase(
  { cluster, tokenId }: Caller,
  call: string,
  kind: Kind,
  said: Said,
): { message: string; hint?: string } {
  if (kind === 'auth') {
    return {
      message: `the API token ${tokenId} was refused (${said.text})`,
      hint: `Check token.id and token.secret of cluster ${cluster}: a token can be deleted or expired, or its user disabled.`,
    };
  }
  if (kind === 'permission') return lacking(tokenId, call, said.text);
  if (said.status === 595) {
    return { message: `the node ${/\/nodes\/([^/]+)/.exec(call)?.[1] ?? 'asked'} can't be reached (${said.text})` };
  }
  const fields = Object.entries(said.fields ?? {}).map(([name, text]) => `${name}: ${flat(text)}`);
  if (fields.length > 0) return { message: `${call} was refused: ${fields.sort().join('; ')}` };
  if (kind === 'other' || kind === 'validation' || kind === 'unsupported' || kind === 'unknown outcome') {
    return { message: `${said.text} (${call})` };
  }
  return { message: reword(said.text) };
}

/** Proxmox names what is missing as `Permission check failed (/vms/9000, VM.Clone)`, except where it just says no. */
function lacking(tokenId: string, call: string, text: string): { message: string; hint: string } {
  const [, path, privileges] = /\((\/[^,]*), ([^)]+)\)/.exec(text) ?? [];
  if (path === undefined || privileges === undefined) {
    return {
      message: `the API token ${tokenId} may not do this (${call}: ${text || 'no reason given'})`,
      hint: '`/bot doctor` names every privilege that is missing, and the command that gives it.',
    };
  }
  const wanted = privileges.split('|');
  return {
    message: `the API token ${tokenId} lacks ${wanted.join(' or ')} on ${path}`,
    hint: `\`/bot doctor\` looks for it. By hand, extend the role that the token has there: pveum role modify ROLE -append 1 -privs "${wanted[0]}". Everybody who has that role gets it too. Another role given on ${path} would replace what is inherited there. A token with privileges of its own needs it besides its user.`,
  };
}

/** Proxmox speaks of its files and look-ups where people think of VMs and nodes. */
function reword(text: string): string {
  const [, node] = /hostname lookup '([^']+)' failed/.exec(text) ?? [];
  if (node !== undefined) return `there is no node ${node} in this cluster`;
  const [, home, inFile] = /Configuration file 'nodes\/([^/]+)\/[^/]+\/(\d+)\.conf' does not exist/.exec(text) ?? [];
  const [, vmid = inFile, away = home] = /configuration file for VM (\d+) on node '([^']+)'/.exec(text) ?? [];
  return vmid === undefined ? text : `there is no VM ${vmid} on ${away}`;
}

/** Proxmox breaks the lines of what it says about a nested value. */
const flat = (text: string) =>
  text
    .trim()
    .replace(/^invalid format - (format error\n)?/, '')
    .replaceAll(/\s*\n\s*/g, ' ');

const hints: Partial<Readonly<Record<Kind, string>>> = {
  'root only': 'Only root@pam itself may do this; an API token never may, not even one of root.',
  locked:
    'Another task holds this VM. If none is running any more, only root can unlock it on the node: qm unlock VMID.',
  'lock timeout': 'Proxmox was busy with the same VM or storage; trying again later is safe.',
  'no quorum': 'The cluster has lost its majority and changes nothing until more nodes are back: pvecm status.',
  'node down': 'Is the node up, and can it be reached?',
  busy: 'The node had no worker to spare; trying again later is safe.',
  digest: 'Somebody else changed it at the same moment; read it again and repeat.',
  protected: 'Take its protection away in Proxmox (Options → Protection) if it may really go.',
  'guest timeout': 'The guest did not power off in time; force it with --force.',
  'agent not configured': 'Turn the guest agent on in the VM’s options, and start it anew.',
  'unknown outcome': 'It may have been carried out all the same: look before doing it again.',
  image: 'What was downloaded or uploaded is not what was expected; nothing of it was kept.',
};
