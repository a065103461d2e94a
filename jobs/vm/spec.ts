import { z } from 'zod';
import { UserError } from '#base/errors.ts';
import { keyOf, own } from '#base/own.ts';
import { knownOnes } from '#base/suggest.ts';
import { type IpConfig, parseCidr, parseIp, requireSameNetwork } from '#cloud-init/network.ts';
import type { Settings, Size } from '../settings.ts';

/** What `/vm create` was told. */
export const CreateInput = z.object({
  name: z.string().optional(),
  role: z.string().optional(),
  size: z.string().optional(),
  cpus: z.int().optional(),
  memoryMiB: z.int().optional(),
  diskGiB: z.int().optional(),
  template: z.string().optional(),
  node: z.string().optional(),
  vmid: z.int().optional(),
  clone: z.enum(['linked', 'full']).optional(),
  network: z.enum(['dhcp', 'static']).optional(),
  ip: z.string().optional(),
  gateway: z.string().optional(),
  dns: z.array(z.string()).default([]),
  pool: z.string().optional(),
  buildTemplate: z.boolean().default(false),
});
export type CreateInput = z.infer<typeof CreateInput>;

/** The size asked for, with its overrides. Throws a `UserError` when there is no such size. */
export function readSize(
  settings: Settings,
  asked: { size?: string | undefined } & { [K in keyof Size]?: Size[K] | undefined },
): Size & { size: string } {
  const name = asked.size ?? settings.create.size;
  const key = keyOf(settings.sizes, name);
  const size = key === undefined ? undefined : own(settings.sizes, key);
  if (key === undefined || !size) {
    throw new UserError(`There is no size "${name}". ${knownOnes(name, Object.keys(settings.sizes))}`, {
      hint: '/vm create k8s-dev medium',
    });
  }
  return {
    size: key,
    cpus: asked.cpus ?? size.cpus,
    memoryMiB: asked.memoryMiB ?? size.memoryMiB,
    diskGiB: asked.diskGiB ?? size.diskGiB,
  };
}

/** The name prefix that a role stands for, or the name that was given, which must be a DNS label. */
export function readName(settings: Settings, input: CreateInput): { prefix: string } | { name: string } {
  if (input.role !== undefined) {
    const { roles } = settings.create;
    const prefix = own(roles, keyOf(roles, input.role) ?? input.role);
    if (prefix === undefined) {
      throw new UserError(`There is no role "${input.role}". ${knownOnes(input.role, Object.keys(roles))}`, {
        hint: '/vm create --role worker medium',
      });
    }
    if (input.name !== undefined) {
      throw new UserError(
        `Give a name (${input.name}) or a role (${input.role}), not both: a role numbers its VMs itself.`,
        {
          hint: `/vm create --role ${input.role} ${input.size ?? settings.create.size}`,
        },
      );
    }
    return { prefix };
  }
  if (input.name === undefined)
    throw new UserError('A VM needs a name or a role.', { hint: '/vm create k8s-dev medium' });
  const name = input.name.toLowerCase();
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    throw new UserError(
      `"${input.name}" can't be a host name: letters, digits and dashes, at most 63, a letter or digit at both ends.`,
      {
        hint: '/vm create k8s-dev medium',
      },
    );
  }
  if (/^\d+$/.test(name)) {
    throw new UserError(`"${name}" can't be a VM's name: a number always means a VMID.`, {
      hint: `/vm create vm-${name} (or --vmid ${name} with a name)`,
    });
  }
  return { name };
}

/** How the VM gets its address. Throws a `UserError` when the pieces do not fit together. */
export function readNetwork(settings: Settings, input: CreateInput): { ip: IpConfig; dns: string[] } {
  const dns = (input.dns.length > 0 ? input.dns : settings.create.dns).map((server) => parseIp(server, 'name server'));
  const kind = input.network ?? (input.ip === undefined ? settings.create.network : 'static');
  if (kind === 'dhcp') {
    const extra = input.ip ?? input.gateway;
    if (extra !== undefined) {
      throw new UserError(`With --network dhcp the address comes from DHCP, so ${extra} can't be used.`, {
        hint: `/vm create ${input.name ?? 'k8s-dev'} --network static --ip ${input.ip ?? '10.0.20.31/24'}`,
      });
    }
    return { ip: { kind }, dns };
  }
  if (input.ip === undefined) {
    throw new UserError('A static address must be given.', {
      hint: '/vm create k8s-dev --network static --ip 10.0.20.31/24 --gateway 10.0.20.1',
    });
  }
  const { address, prefix } = parseCidr(input.ip);
  const gateway = input.gateway === undefined ? undefined : parseIp(input.gateway, 'gateway');
  if (gateway !== undefined) requireSameNetwork(address, prefix, gateway);
  return { ip: { kind, address, prefix, ...(gateway === undefined ? {} : { gateway }) }, dns };
}
