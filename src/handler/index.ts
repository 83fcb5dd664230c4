import type { EventStream } from '@aws-sdk/client-pinpoint';
import { Clock, systemClock } from './clock';
import { physicalIdAfterFailure, physicalIdAfterSuccess, plan } from './decision';
import { EventStreamApi } from './event-stream-api';
import { log } from './log';
import { EventStreamAttributes, EventStreamProperties, functionTimeoutSeconds, PROPAGATION_TIMEOUT_VARIABLE } from './protocol';
import { invalidProperties, wayOn } from './reasons';
import { CustomResourceRequest, requestDate } from './request';
import { Answer, send } from './response';
import { runStep, StepContext, StepFailure } from './run-step';
import { cutToJsonLength } from './text';

/** Kept for the calls under way when the retries end (20 s), and for the answer with its own retries (65 s). */
const KEPT_FOR_ANSWER_MS = 90_000;

/** What a request that was made before this one may need after its retries: two calls, and room for clocks that differ. */
const LAST_CALLS_MS = 30_000;

/** No user of AWS has a longer name; what the service reports is free text to us. */
const LAST_UPDATED_BY_BYTES = 512;

/** The part of Lambda's context that the handler reads. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The function that Lambda invokes. */
export type Handler = (request: CustomResourceRequest, context: LambdaContext) => Promise<void>;

/** Lambda's entry point; there is one in each execution environment. */
export const handler = newHandler(systemClock);

/** A function that answers each request once. */
export function newHandler(clock: Clock): Handler {
  // Lambda may deliver a request again. Run again, an Update would undo what has rolled it back since.
  const answered = new Set<string>();

  return async (request, context) => {
    if (answered.has(request.RequestId)) {
      log('WARN', 'Delivered again; answered already', logContextOf(request));
      return;
    }
    const answer = await answerTo(request, context, clock);
    log(answer.Status === 'SUCCESS' ? 'INFO' : 'ERROR', 'Answering', {
      ...logContextOf(request),
      status: answer.Status,
      physicalId: answer.PhysicalResourceId,
      reason: answer.Reason,
    });
    await send(request.ResponseURL, answer, clock);
    answered.add(request.RequestId);
  };
}

async function answerTo(request: CustomResourceRequest, context: LambdaContext, clock: Clock): Promise<Answer> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const identity = { StackId, RequestId, LogicalResourceId };
  try {
    const found = await runPlan(request, context, clock);
    return {
      Status: 'SUCCESS',
      PhysicalResourceId: physicalIdAfterSuccess(request),
      ...identity,
      Data: request.RequestType === 'Delete' ? undefined : attributesOf(request.ResourceProperties, found),
    };
  } catch (error) {
    // Of any other error it is not known what it interrupted.
    const mayHaveChanged = !(error instanceof StepFailure) || error.mayHaveChanged;
    return {
      Status: 'FAILED',
      Reason: (error as Error).message + wayOn(request),
      PhysicalResourceId: physicalIdAfterFailure(request, mayHaveChanged),
      ...identity,
    };
  }
}

/** @returns the event stream after the last step; undefined where there is none of ours */
async function runPlan(request: CustomResourceRequest, context: LambdaContext, clock: Clock): Promise<EventStream | undefined> {
  const invalid = request.RequestType === 'Delete' ? undefined : invalidProperties(request.ResourceProperties);
  if (invalid !== undefined) {
    throw new StepFailure(invalid, false);
  }

  const startedAt = clock.now();
  const answerFrom = startedAt + context.getRemainingTimeInMillis() - KEPT_FOR_ANSWER_MS;
  const propagationSeconds = Number(process.env[PROPAGATION_TIMEOUT_VARIABLE]);
  const earliest = new Date(startedAt - functionTimeoutSeconds(propagationSeconds) * 1_000);
  const requestedAt = requestDate(request);
  const stepContext: StepContext = {
    api: new EventStreamApi(),
    clock,
    startedAt,
    retryDeadline: Math.min(startedAt + propagationSeconds * 1_000, answerFrom),
    repeatDeadline: Math.min((requestedAt?.getTime() ?? startedAt) + propagationSeconds * 1_000 + LAST_CALLS_MS, answerFrom),
    logContext: logContextOf(request),
  };

  let found: EventStream | undefined;
  for (const step of plan(request, requestedAt, earliest)) {
    const after = await runStep(step, stepContext);
    found = step.goal === 'remove' ? found : after;
  }
  return found;
}

function attributesOf({ ApplicationId, DestinationStreamArn, RoleArn }: EventStreamProperties, found?: EventStream): EventStreamAttributes {
  return {
    ApplicationId,
    DestinationStreamArn,
    RoleArn,
    LastModifiedDate: found?.LastModifiedDate ?? '',
    LastUpdatedBy: cutToJsonLength(found?.LastUpdatedBy ?? '', LAST_UPDATED_BY_BYTES),
  };
}

function logContextOf({ RequestType, RequestId, StackId, LogicalResourceId }: CustomResourceRequest): Record<string, unknown> {
  return { requestType: RequestType, requestId: RequestId, stackId: StackId, logicalId: LogicalResourceId };
}
