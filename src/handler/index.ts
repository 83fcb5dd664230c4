import { Clock, systemClock } from './clock';
import { deadlines } from './deadlines';
import { EventStreamApi } from './event-stream-api';
import { locationOf } from './location';
import { log } from './log';
import { Memory } from './memory';
import { physicalIdAfterFailure, physicalIdAfterSuccess } from './physical-id';
import { plan } from './plan';
import type { EventStreamAttributes, EventStreamProperties } from './protocol';
import { invalidProperties, recovery, unexpected } from './reasons';
import { CustomResourceRequest, logContextOf, requestedAt } from './request';
import { CustomResourceResponse, send } from './response';
import { runStep, StepContext, RequestFailure } from './run-step';

/** The part of Lambda's context that the handler reads. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** The function that Lambda invokes. */
export type Handler = (request: CustomResourceRequest, context: LambdaContext) => Promise<void>;

/** Lambda's entry point. Each execution environment has its own. */
export const handler = newHandler(systemClock);

/** A function that answers each request once. */
export function newHandler(clock: Clock): Handler {
  const memory = new Memory();

  return async (request, context) => {
    if (memory.hasAnswered(request)) {
      log('WARN', 'Delivered again; answered already', logContextOf(request));
      return;
    }
    const response = await respond(request, context, clock, memory);
    log(response.Status === 'SUCCESS' ? 'INFO' : 'ERROR', 'Answering', {
      ...logContextOf(request),
      status: response.Status,
      physicalId: response.PhysicalResourceId,
      reason: response.Reason,
    });
    await send(request, response, clock);
    memory.rememberAnswered(request);
  };
}

async function respond(request: CustomResourceRequest, context: LambdaContext, clock: Clock, memory: Memory): Promise<CustomResourceResponse> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const identity = { StackId, RequestId, LogicalResourceId };
  try {
    const mayYetChange = await carryOut(request, context, clock, memory);
    if (!mayYetChange) {
      memory.rememberEnding(request, 'SUCCESS', clock.now());
    }
    return {
      Status: 'SUCCESS',
      PhysicalResourceId: physicalIdAfterSuccess(request),
      ...identity,
      Data: request.RequestType === 'Delete' ? undefined : attributesOf(request.ResourceProperties),
    };
  } catch (error) {
    const failure = error instanceof RequestFailure ? error : unexpectedFailure(request, error as Error);
    if (!failure.mayHaveChanged) {
      memory.rememberEnding(request, 'FAILED', clock.now());
    }
    return {
      Status: 'FAILED',
      Reason: failure.message + recovery(request),
      PhysicalResourceId: physicalIdAfterFailure(request, failure.mayHaveChanged),
      ...identity,
    };
  }
}

/** @returns whether a Put of unknown outcome may still change the event stream */
async function carryOut(request: CustomResourceRequest, context: LambdaContext, clock: Clock, memory: Memory): Promise<boolean> {
  const location = locationOf(request.StackId);
  const invalid = request.RequestType === 'Delete' ? undefined : invalidProperties(request.ResourceProperties, location);
  if (invalid !== undefined) {
    throw new RequestFailure(invalid, false);
  }
  const startedAt = clock.now();
  const stepContext: StepContext = {
    api: new EventStreamApi(),
    clock,
    deadlines: deadlines(requestedAt(request), startedAt, context.getRemainingTimeInMillis()),
    location,
    logContext: logContextOf(request),
  };
  let mayYetChange = false;
  for (const step of plan(request, memory.endingOfChange(request, startedAt))) {
    mayYetChange = await runStep(step, stepContext) || mayYetChange;
  }
  return mayYetChange;
}

/** An unexpected error may have interrupted a Put, so the event stream may have changed. */
function unexpectedFailure(request: CustomResourceRequest, error: Error): RequestFailure {
  log('ERROR', 'The function failed unexpectedly', { ...logContextOf(request), stack: error.stack });
  return new RequestFailure(unexpected(error), true);
}

function attributesOf({ ApplicationId, DestinationStreamArn, RoleArn }: EventStreamProperties): EventStreamAttributes {
  return { ApplicationId, DestinationStreamArn, RoleArn };
}
