import { spawn } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';

jest.setTimeout(120_000);

const START = `
  const { Emulators } = require(${JSON.stringify(join(__dirname, '..', 'support', 'emulators', 'emulators'))});
  Emulators.start().then(({ directory, awsUrl, pinpointUrl, faultsUrl }) => {
    process.send({ directory, urls: [awsUrl, pinpointUrl, faultsUrl] });
    setInterval(() => {}, 1_000);
  });
`;

interface Started {
  readonly directory: string;
  readonly urls: string[];
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(() => true, () => false);
}

test('the emulators end, and leave nothing behind, when whoever started them is killed', async () => {
  // GIVEN
  const starter = spawn(process.execPath, ['--require', 'ts-node/register/transpile-only', '--eval', START], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { directory, urls } = await new Promise<Started>((resolve, reject) => {
    starter.once('message', (message) => resolve(message as Started)).once('exit', reject);
  });
  expect(await Promise.all(urls.map(answers))).toEqual([true, true, true]);

  // WHEN
  starter.kill('SIGKILL');

  // THEN
  while (existsSync(directory)) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await Promise.all(urls.map(answers))).toEqual([false, false, false]);
});
