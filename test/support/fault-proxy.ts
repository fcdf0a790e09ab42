import { connect, createServer, type Socket } from 'node:net';

export interface FaultProxy {
  port: number;
  /**
   * Cuts the next connection whose traffic to the server contains `text`: `before` it gets there, or `after` it got there
   * and the server has answered. The client sees the same error both times.
   */
  cutAt(text: string, when: 'before' | 'after'): void;
  /** Swallows everything from now on without closing anything, as a lost link does. */
  blackhole(isOn: boolean): void;
  close(): Promise<void>;
}

/** A TCP proxy in front of a server on this machine, for faults that a server does not offer. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let cut: { text: string; when: 'before' | 'after' } | null = null;
  let isBlackhole = false;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    let cutOnAnswer = false;
    const end = () => {
      client.destroy();
      target.destroy();
    };
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (data: Buffer) => {
      if (isBlackhole) return;
      if (cut && data.includes(cut.text)) {
        const { when } = cut;
        cut = null;
        if (when === 'before') {
          end();
          return;
        }
        cutOnAnswer = true;
      }
      target.write(data);
    });
    target.on('data', (data: Buffer) => {
      if (isBlackhole) return;
      if (cutOnAnswer) end();
      else client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port, but the system gave none');
  return {
    port: address.port,
    cutAt: (text, when) => void (cut = { text, when }),
    blackhole: (isOn) => void (isBlackhole = isOn),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
