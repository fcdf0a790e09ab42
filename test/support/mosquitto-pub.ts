import { spawn } from 'node:child_process';

/** Publishes with Debian's `mosquitto_pub`, QoS 1, as the demo gateway; resolves at PUBACK. @throws Error when the broker refuses */
export async function publishAsGateway(port: number, topic: string, payload: unknown): Promise<void> {
  const account = ['-u', 'gateway-demo', '-P', 'songbai-demo'];
  const child = spawn(
    'mosquitto_pub',
    ['-h', '127.0.0.1', '-p', String(port), ...account, '-q', '1', '-t', topic, '-m', JSON.stringify(payload)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () =>
      reject(new Error('Expected mosquitto_pub to be installed, but it is not: apt-get install mosquitto-clients')),
    );
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`Expected mosquitto_pub to deliver, but it ended with ${code}: ${complaint}`);
}
