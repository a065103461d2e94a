import { isLoopback } from '#base/loopback.ts';
import type { Complaint } from '#policy/lint.ts';

interface Asked {
  readonly clusters: readonly { readonly hosts: readonly string[] }[];
  readonly web: { readonly signIn: 'key' | 'pick'; readonly host: string };
  readonly slack?: { readonly apiUrl: string } | undefined;
  readonly discord?: { readonly apiUrl: string } | undefined;
}

/**
 * Settings that nobody may use but a lab on this machine, as `botswain up` writes them: each is refused beside a cluster that
 * is not on loopback, since it would give that cluster to whoever comes.
 */
export function labOnlyComplaints({ clusters, web, slack, discord }: Asked): readonly Complaint[] {
  const far = clusters.flatMap(({ hosts }) => hosts).find((host) => !isLoopback(new URL(host).hostname));
  const complaints: Complaint[] = [];
  if (web.signIn === 'pick') {
    if (far !== undefined) {
      const message = `lets anybody act as anybody, which is for the lab only; ${far} is not on this machine. Use key`;
      complaints.push({ path: ['web', 'signIn'], message });
    }
    if (!isLoopback(web.host)) {
      const message = `is ${web.host}, and signIn: pick would let anybody in the network act as anybody. Use 127.0.0.1`;
      complaints.push({ path: ['web', 'host'], message });
    }
  }
  for (const [name, settings, own] of [
    ['slack', slack, 'slack.com'],
    ['discord', discord, 'discord.com'],
  ] as const) {
    const url = settings && new URL(settings.apiUrl);
    if (!url || url.protocol === 'https:' || (isLoopback(url.hostname) && far === undefined)) continue;
    const message = `is ${settings.apiUrl}, which would get the bot's token unencrypted. Leave it out for https://${own}`;
    complaints.push({ path: [name, 'apiUrl'], message });
  }
  return complaints;
}
