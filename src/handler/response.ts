import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { backOff, Clock } from './clock';
import { log } from './log';
import type { EventStreamAttributes } from './protocol';
import { CustomResourceRequest, logContextOf } from './request';
import { byteLength, cutToJsonLength } from './text';

/** The longest response that CloudFormation reads. */
export const MAX_RESPONSE_BYTES = 4_096;

const ATTEMPTS = 5;

/** How long one attempt to answer may take. */
const ATTEMPT_TIMEOUT_MS = 8_000;

/**
 * A response as CloudFormation expects it from a custom resource.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: EventStreamAttributes;
}

/** The response as it is sent. Its reason is cut if the whole would be too long. */
export function serialize(response: CustomResourceResponse): string {
  if (response.Reason === undefined) {
    return JSON.stringify(response);
  }
  const room = MAX_RESPONSE_BYTES - byteLength(JSON.stringify({ ...response, Reason: '' }));
  return JSON.stringify({ ...response, Reason: cutToJsonLength(response.Reason, room) });
}

/**
 * Sends the response, and tries again if that fails.
 *
 * It uses the SDK's HTTP client, which is loaded anyway. `fetch` would double the time of a first request.
 *
 * The URL is neither logged nor thrown, and neither is an error that may contain it: anyone who has the URL can answer in place of the
 * resource.
 *
 * @throws Error if no attempt succeeded. CloudFormation then waits for the service timeout
 */
export async function send(request: CustomResourceRequest, response: CustomResourceResponse, clock: Clock): Promise<void> {
  const body = serialize(response);
  const client = new NodeHttpHandler();
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const problem = await sendOnce(client, request.ResponseURL, body);
      if (problem === undefined) {
        return;
      }
      log('WARN', 'The answer did not reach CloudFormation', { ...logContextOf(request), attempt: attempt + 1, of: ATTEMPTS, problem });
      if (attempt < ATTEMPTS - 1) {
        await clock.sleep(backOff(attempt, clock));
      }
    }
  } finally {
    client.destroy();
  }
  throw new Error(`the answer did not reach CloudFormation in ${ATTEMPTS} attempts; CloudFormation will fail this resource at its service timeout`);
}

/** @returns what went wrong, or undefined if nothing did */
async function sendOnce(client: NodeHttpHandler, responseUrl: string, body: string): Promise<string | undefined> {
  const abortSignal = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
  try {
    const { response } = await client.handle(requestTo(responseUrl, body), { abortSignal });
    response.body.resume();
    return response.statusCode < 300 ? undefined : `HTTP ${response.statusCode}`;
  } catch (error) {
    const { name, code } = error as Error & { code?: string };
    return abortSignal.aborted ? 'TimeoutError' : code ?? name;
  }
}

/** @throws Error, which contains the URL, if the URL is malformed */
function requestTo(responseUrl: string, body: string): HttpRequest {
  const { protocol, hostname, port, pathname, search } = new URL(responseUrl);
  return new HttpRequest({
    method: 'PUT',
    protocol,
    hostname,
    port: port === '' ? undefined : Number(port),
    // The query as it is signed.
    path: pathname + search,
    // The URL is signed for a request without a content type, and S3 refuses a request without a known length.
    headers: { 'content-type': '', 'content-length': String(byteLength(body)) },
    body,
  });
}
