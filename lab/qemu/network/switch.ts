import type { Socket } from 'node:net';
import { frameReader, writeFrame } from './frames.ts';

/** A learning switch: frames go to the port where their receiver was last heard, or to all others. */
export interface Switch {
  /** A machine's or the gateway's card; unplugged when its socket closes. */
  plug(socket: Socket): void;
  /** Sends a frame as if a port of its own had received it. */
  inject(frame: Buffer): void;
  /** Whether the receiver of a frame with this address would get it alone. */
  knows(mac: string): boolean;
}

/** Looks at a frame before it is switched; `true` takes it off the segment. */
export type Tap = (frame: Buffer, network: Switch) => boolean;

interface Port {
  readonly socket: Socket;
}

/** A receiver that lags this far behind loses frames, as on real hardware, instead of filling our memory. */
const mostWaiting = 4 * 1024 ** 2;
const headerLength = 14;

export function learningSwitch(tap: Tap): Switch {
  const ports = new Set<Port>();
  const places = new Map<string, Port>();

  const network: Switch = {
    plug(socket) {
      const port = { socket };
      ports.add(port);
      socket.on(
        'data',
        frameReader((frame) => receive(frame, port)),
      );
      // A machine that was killed resets its connection; `close` follows and is all that matters.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        ports.delete(port);
        for (const [mac, where] of places) if (where === port) places.delete(mac);
      });
    },
    inject: (frame) => forward(frame, undefined),
    knows: (mac) => places.has(mac),
  };
  return network;

  function receive(frame: Buffer, from: Port): void {
    if (frame.length < headerLength) return;
    places.set(macAt(frame, 6), from);
    if (!tap(frame, network)) forward(frame, from);
  }

  function forward(frame: Buffer, from: Port | undefined): void {
    const receiver = places.get(macAt(frame, 0));
    const framed = writeFrame(frame);
    for (const port of receiver ? [receiver] : ports) {
      if (port !== from && port.socket.writableLength < mostWaiting) port.socket.write(framed);
    }
  }
}

/** `52:54:00:12:34:56` at this place of a frame. */
export function macAt(frame: Buffer, at: number): string {
  return frame.toString('hex', at, at + 6).replaceAll(/(..)(?=.)/g, '$1:');
}
