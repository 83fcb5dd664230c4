import { createServer } from 'http';
import { AddressInfo } from 'net';
import { interleaved } from './processes';
import { handlerOf } from './synthesis';
import { WAYS, WayName } from './ways/way';
import { createRequest } from '../test/support/handler/requests';

/**
 * New processes that load a function, and such that also let it answer its first Create.
 *
 * @returns milliseconds, by `WAY load` and `WAY create`, and of Node.js alone by `node`
 */
export async function functions(rounds: number): Promise<Record<string, number[]>> {
  // Stands for Amazon Pinpoint, where the application has no event stream yet, and for CloudFormation; answers at once.
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const [status, body] = request.method === 'GET' ? [404, { Message: 'not found' }] : [200, { ApplicationId: '0', DestinationStreamArn: 'd', RoleArn: 'r' }];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL_PINPOINT: url, PROPAGATION_TIMEOUT_SECONDS: '120',
  };
  const commands = WAYS.filter((name) => name !== 'cfn-event-stream').flatMap((name) => [
    [`${name} load`, { args: ['--eval', `require('${handlerOf(name)}')`], env }],
    [`${name} create`, { args: ['bench/handlers/invoke.cjs', handlerOf(name), JSON.stringify(requestOf(name, `${url}/answer`))], env }],
  ]);
  try {
    return await interleaved({ node: { args: ['--eval', ''] }, ...Object.fromEntries(commands) }, rounds);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function requestOf(name: WayName, responseUrl: string): object {
  const request = { ...createRequest(), ResponseURL: responseUrl };
  const { ApplicationId, DestinationStreamArn, RoleArn } = request.ResourceProperties;
  const parameters = { ApplicationId, WriteEventStream: { DestinationStreamArn, RoleArn } };
  const call = { service: 'Pinpoint', action: 'PutEventStream', parameters, physicalResourceId: { id: ApplicationId } };
  return name === 'aws-custom-resource' ? { ...request, ResourceProperties: { Create: JSON.stringify(call) } } : request;
}
