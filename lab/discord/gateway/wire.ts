import { constants, createDeflate } from 'node:zlib';
import type { WebSocket } from 'ws';
import type { Wire } from './session.ts';

/** Writes JSON on a socket: as text, or as one stream of zlib data for those who ask for `compress=zlib-stream`. */
export function makeWire(socket: WebSocket, compress: boolean): Wire {
  if (!compress) return { socket, send: (payload) => socket.send(JSON.stringify(payload)) };
  const deflate = createDeflate({ flush: constants.Z_SYNC_FLUSH });
  let held: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => held.push(chunk));
  socket.on('close', () => deflate.destroy());
  return {
    socket,
    send(payload) {
      deflate.write(JSON.stringify(payload));
      // Each message ends with a flush, so that its last bytes are 00 00 FF FF.
      deflate.flush(constants.Z_SYNC_FLUSH, () => {
        const whole = Buffer.concat(held);
        held = [];
        if (whole.length > 0 && socket.readyState === socket.OPEN) socket.send(whole);
      });
    },
  };
}
