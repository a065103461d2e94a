import type { Outcome } from '#base/errors.ts';
import type { Kind } from './errors.ts';

/** How Proxmox said no: an HTTP answer, or a task's exit status (then without `status`). */
export interface Said {
  readonly text: string;
  readonly status?: number;
  readonly fields?: Readonly<Record<string, string>>;
  /** The call could have changed something. */
  readonly changes: boolean;
}

/** What it means, and whether the same call may be made again. One taxonomy for HTTP answers and task exit statuses. */
export function classify(said: Said): { readonly kind: Kind; readonly outcome: Outcome } {
  const [kind, outcome] = byStatus(said) ?? byText(said);
  // A read changes nothing, so there is nothing to be unsure of.
  return { kind, outcome: outcome === 'unknown' && !said.changes ? 'passing' : outcome };
}

type Verdict = readonly [Kind, Outcome];

function byStatus({ status, text, fields }: Said): Verdict | undefined {
  if (status === undefined) return undefined;
  if (status === 401) return ['auth', 'permanent'];
  if (status === 403) return /does not exist/.test(text) ? ['missing', 'permanent'] : ['permission', 'permanent'];
  if (status === 400) return byFields(Object.values(fields ?? {}).join('\n'));
  if (status < 400 || status === 404 || status === 405 || status === 501 || status === 506)
    return ['unsupported', 'permanent'];
  // 595: pveproxy could not connect to the other node. 596 to 599: it had sent the request and then lost it.
  if (status === 595) return ['node down', 'passing'];
  if (status === 503) return ['busy', 'passing'];
  if (status > 595 || status === 502 || status === 504) return ['unknown outcome', 'unknown'];
  return undefined;
}

function byFields(text: string): Verdict {
  if (/already exists/i.test(text)) return ['exists', 'permanent'];
  if (/no such (task|storage|cluster node)/i.test(text)) return ['missing', 'permanent'];
  if (/only root/i.test(text)) return ['root only', 'permanent'];
  return ['validation', 'permanent'];
}

function byText({ text, status }: Said): Verdict {
  const rule = rules.find(([pattern]) => pattern.test(text));
  if (rule) return [rule[1], rule[2]];
  if (status === undefined && text.trim() === '') return ['unknown outcome', 'unknown'];
  return ['other', 'permanent'];
}

/** The first that fits counts. The texts are those of qemu-server, pve-storage, pve-cluster and pve-common. */
const rules: readonly (readonly [RegExp, Kind, Outcome])[] = [
  [/no quorum/, 'no quorum', 'passing'],
  [/unable to open file '\/etc\/pve\/.*Permission denied/, 'no quorum', 'passing'],
  // The command was cut off in the middle and may have left a volume behind.
  [/-locked command timed out/, 'lock timeout', 'unknown'],
  [/can't lock file .*got timeout|got lock request timeout|cfs-lock .* error/, 'lock timeout', 'passing'],
  [/VM is locked|CT is locked/, 'locked', 'passing'],
  [/got no worker upid|start worker failed|unable to fork worker/, 'busy', 'passing'],
  [/unexpected status|interrupted by signal|received interrupt/, 'unknown outcome', 'unknown'],

  [/no qemu guest agent configured/i, 'agent not configured', 'permanent'],
  [/guest agent is not running/i, 'agent down', 'passing'],
  [/^VM \d+ (is )?not running/, 'vm down', 'permanent'],
  [/already running|is running - destroy failed|if VM is running|^VM \d+ is running/, 'running', 'permanent'],
  [/VM quit\/powerdown failed|powerdown failed/, 'guest timeout', 'permanent'],

  [/only root (can|may)/i, 'root only', 'permanent'],
  [/checksum mismatch \(file change/, 'digest', 'permanent'],
  [/protection mode enabled/, 'protected', 'permanent'],
  [/still in use|used in HA resources|is not empty/, 'in use', 'permanent'],
  [
    /checksum mismatch|not in \S+ format|failed to verify|invalid image|download failed: exit code 8/i,
    'image',
    'permanent',
  ],
  [/download failed/, 'image', 'passing'],
  // The last: its number belongs to a container, or to a VM on another node.
  [/already exists|already used|refusing to override|atomic file .*\.conf' failed: File exists/, 'exists', 'permanent'],
  [/storage '.*' is not online/, 'storage', 'passing'],
  [
    /is disabled|unable to activate storage|not mounted|no space left|not enough space|out of space/i,
    'storage',
    'permanent',
  ],
  [/does not support|not supported|not allowed|uses local storage|non-shared storage/, 'unsupported', 'permanent'],
  [/if it's a template|contains snapshots|convert a template/, 'unsupported', 'permanent'],
  [/start failed.*got timeout/, 'unknown outcome', 'unknown'],
  [/QEMU exited with code|KVM virtualisation configured|start failed/, 'start failed', 'permanent'],
  [/does not exist|unable to find configuration file|hostname lookup .* failed|no such/, 'missing', 'permanent'],
  [/volume_size_info on .* failed|404 File not found/, 'missing', 'permanent'],
  [/no options specified|expected, at character offset|upload failed/, 'validation', 'permanent'],
  [/time(d )?-?out|connection (refused|reset)|broken pipe/i, 'unknown outcome', 'unknown'],
];
