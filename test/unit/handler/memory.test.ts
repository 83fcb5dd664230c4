import { Ending, Memory } from '../../../src/handler/memory';
import type { CustomResourceRequest, UpdateRequest } from '../../../src/handler/request';
import { createRequest, deleteRequest, OLD, OTHER_APP, OURS, updateRequest } from '../../support/handler/requests';

const ENDED_AT = 1_000_000;

const change = updateRequest(OLD, OURS);
const rollback = updateRequest(OURS, OLD);

describe('an execution environment', () => {
  it('knows which requests it has answered', () => {
    // GIVEN
    const memory = new Memory();

    // WHEN
    memory.rememberAnswered(change);

    // THEN
    expect(memory.hasAnswered(change)).toBe(true);
    expect(memory.hasAnswered({ ...change, RequestId: 'another' })).toBe(false);
  });

  it('knows of no change before one has ended', () => {
    // THEN
    expect(new Memory().endingOfChange(rollback, ENDED_AT)).toBeUndefined();
  });

  it.each<[string, CustomResourceRequest, number, Ending | undefined]>([
    ['knows for a minute how a change ended that is rolled back', rollback, 59_999, 'FAILED'],
    ['does not know that any more after a minute', rollback, 60_000, undefined],
    ['does not know how the change of another stack ended', { ...rollback, StackId: 'another' }, 0, undefined],
    ['does not know how the change of another resource ended', { ...rollback, LogicalResourceId: 'Another' }, 0, undefined],
    ['does not know how a change of another application ended', updateRequest({ ...OURS, ApplicationId: OTHER_APP }, OLD), 0, undefined],
    ['does not know how a change to another destination ended', updateRequest({ ...OURS, DestinationStreamArn: 'another' }, OLD), 0, undefined],
    ['does not know how a change to another role ended', updateRequest({ ...OURS, RoleArn: 'another' }, OLD), 0, undefined],
    ['knows nothing of what a Create rolls back', { ...rollback, RequestType: 'Create' }, 0, undefined],
    ['knows nothing of what a Delete rolls back', { ...rollback, RequestType: 'Delete' }, 0, undefined],
    ['takes it that a change without properties is another one', { ...rollback, OldResourceProperties: null } as unknown as UpdateRequest, 0, undefined],
  ])('%s', (_, request, later, expected) => {
    // GIVEN
    const memory = new Memory();
    memory.rememberEnding(change, 'FAILED', ENDED_AT);

    // WHEN
    const ending = memory.endingOfChange(request, ENDED_AT + later);

    // THEN
    expect(ending).toBe(expected);
  });

  it('knows how the last change ended alone', () => {
    // GIVEN
    const memory = new Memory();
    memory.rememberEnding(change, 'FAILED', ENDED_AT);

    // WHEN
    memory.rememberEnding(rollback, 'SUCCESS', ENDED_AT);

    // THEN
    expect(memory.endingOfChange(change, ENDED_AT)).toBe('SUCCESS');
    expect(memory.endingOfChange(rollback, ENDED_AT)).toBeUndefined();
  });

  it('knows how a Create ended', () => {
    // GIVEN
    const memory = new Memory();

    // WHEN
    memory.rememberEnding(createRequest(), 'SUCCESS', ENDED_AT);

    // THEN
    expect(memory.endingOfChange(rollback, ENDED_AT)).toBe('SUCCESS');
  });

  it('does not take the end of a Delete for that of a change', () => {
    // GIVEN
    const memory = new Memory();
    memory.rememberEnding(change, 'FAILED', ENDED_AT);

    // WHEN
    memory.rememberEnding(deleteRequest(), 'SUCCESS', ENDED_AT);

    // THEN
    expect(memory.endingOfChange(rollback, ENDED_AT)).toBe('FAILED');
  });
});
