import type { Socket } from 'node:net';

/** Larger MQTT packets end the connection before they are buffered. A gateway's `bridge/devices` stays well below. Unit: bytes. */
export const MAX_PACKET = 4 * 1024 * 1024;

/**
 * Follows MQTT's framing through the bytes of one connection.
 * Returns false as soon as a packet announces more than `limit` bytes, before they have come.
 * @see MQTT 3.1.1 §2.2 fixed header
 */
export function createFrameGuard(limit: number): (chunk: Uint8Array) => boolean {
  let bodyLeft = 0;
  let length = 0;
  let shift = 0;
  let isInLength = false;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const skipped = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= skipped;
        at += skipped;
      } else if (!isInLength) {
        isInLength = true;
        length = shift = 0;
        at++;
      } else {
        const byte = chunk[at++]!;
        length += (byte & 0x7f) * 2 ** shift;
        shift += 7;
        if (length > limit || shift > 28) return false;
        if (byte < 0x80) {
          isInLength = false;
          bodyLeft = length;
        }
      }
    }
    return true;
  };
}

/** Destroys the socket when a packet is too large. The broker reads by `read()`, so that is where the bytes pass. */
export function guardFrames(socket: Socket, limit: number, onRefused: () => void): void {
  const accept = createFrameGuard(limit);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null;
    if (chunk === null || accept(chunk)) return chunk;
    onRefused();
    socket.destroy(new Error(`Expected MQTT packets of at most ${limit} bytes, but a larger one came`));
    return null;
  };
}
