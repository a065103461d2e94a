import { createVm } from '#jobs/vm/create.ts';
import { defineCommand } from '../command.ts';
import { templateBuild } from '../template/build.ts';
import { dryRunFlag, keepFlag } from '../usual-args.ts';

export const vmCreate = defineCommand({
  path: 'vm create',
  synonyms: ['new', 'add', 'make', 'clone', 'spawn', 'launch', 'provision'],
  about: 'Make a VM from a template and wait until it answers by SSH.',
  example: '/vm create k8s-dev medium',
  risk: 'change',
  args: {
    name: { kind: 'text', about: 'Its host name; or give --role.', positional: true },
    size: {
      kind: 'text',
      synonyms: ['s', 'flavor', 'type'],
      about: 'How big it is.',
      positional: true,
      complete: 'size',
    },
    role: { kind: 'text', about: 'Take the next free name of this role (k8s-worker-3).', complete: 'role' },
    cpus: {
      kind: 'whole',
      synonyms: ['c', 'cpu', 'cores', 'vcpus'],
      about: 'CPUs instead of the size’s.',
      min: 1,
      max: 512,
    },
    memory: { kind: 'mib', synonyms: ['m', 'mem', 'ram'], about: 'Memory instead of the size’s: 4G.', min: 128 },
    disk: { kind: 'gib', synonyms: ['d', 'hdd', 'storage'], about: 'Disk instead of the size’s: 40G.', min: 1 },
    template: {
      kind: 'text',
      synonyms: ['t', 'image', 'os', 'from'],
      about: 'What it is cloned from.',
      complete: 'template',
    },
    node: {
      kind: 'text',
      synonyms: ['n', 'host'],
      about: 'Where it must run; otherwise the node with the fewest VMs.',
      complete: 'node',
    },
    vmid: { kind: 'whole', about: 'Its number; otherwise the next free one.', min: 100, max: 999_999_999 },
    clone: { kind: 'choice', choices: ['linked', 'full'], about: 'linked is quick, full stands alone.' },
    network: { kind: 'choice', choices: ['dhcp', 'static'], about: 'Where its address comes from.' },
    ip: { kind: 'text', about: 'Its address with the network’s length: 10.0.20.31/24.' },
    gateway: { kind: 'text', about: 'The gateway for a static address.' },
    dns: { kind: 'text', about: 'Name servers.', many: true },
    pool: { kind: 'text', about: 'The Proxmox resource pool it is put into.' },
    'build-template': { kind: 'flag', about: 'Build the template first when it is missing.' },
    keep: keepFlag,
    'dry-run': dryRunFlag,
  },
  also: (given) => (given['build-template'] === true ? [templateBuild] : []),
  run: (given, desk) => {
    // `/vm create --role worker medium`: with a role the first word is the size.
    const size = given.size ?? (given.role ? given.name : undefined);
    const {
      cpus,
      memory: memoryMiB,
      disk: diskGiB,
      role,
      template,
      node,
      vmid,
      clone,
      network,
      ip,
      gateway,
      dns,
    } = given;
    return {
      job: createVm,
      input: {
        name: given.role && given.size === undefined ? undefined : given.name,
        ...{ size, cpus, memoryMiB, diskGiB, role, template, node, vmid, clone, network, ip, gateway, dns },
        pool: given.pool ?? desk.pool,
        buildTemplate: given['build-template'],
      },
      dryRun: given['dry-run'],
      keep: given.keep,
    };
  },
});
