import type { BootOrder } from '../boot-order.ts';
import type { Machine } from '../engine.ts';
import { readProperties } from '../property.ts';
import { optionValue } from './option-value.ts';

/** QEMU's name of each card that Proxmox offers. */
const cards: Readonly<Record<string, string>> = {
  virtio: 'virtio-net-pci',
  e1000: 'e1000',
  e1000e: 'e1000e',
  rtl8139: 'rtl8139',
  vmxnet3: 'vmxnet3',
};

/**
 * Every network card hangs on the lab's one segment, whatever its bridge is called; one with `link_down=1` or without a bridge
 * hangs on nothing. A card that is not booted from gets no boot ROM, which saves the firmware a second.
 */
export function networkArgs(config: Machine['config'], segment: string, boot: BootOrder): string[] {
  return Object.keys(config)
    .filter((key) => /^net\d+$/.test(key))
    .sort()
    .flatMap((key) => {
      const line = readProperties(config[key] ?? '', 'model');
      const named = Object.keys(cards).find((model) => line[model] !== undefined);
      const model = named ?? line.model ?? 'virtio';
      const mac = (named === undefined ? line.macaddr : line[named]) ?? '';
      const plugged = line.bridge !== undefined && line.link_down !== '1';
      const rank = boot.get(key);
      const start = rank === undefined ? 'romfile=' : `bootindex=${rank}`;
      return [
        '-netdev',
        plugged
          ? `stream,id=${key},server=off,addr.type=unix,addr.path=${optionValue(segment)}`
          : `hubport,id=${key},hubid=${key.slice(3)}`,
        '-device',
        `${cards[model] ?? 'virtio-net-pci'},netdev=${key},id=${key}-card,mac=${mac},${start}`,
      ];
    });
}
