import { EventStream, hasSetting, isModifiedSince, isUnchanged } from '../../../src/handler/event-stream';
import { timeFromStart } from '../../support/handler/fake-clock';
import { ANOTHERS, eventStream, OLD, OURS } from '../../support/handler/requests';

describe('an event stream', () => {
  it.each<[string, EventStream | undefined, boolean]>([
    ['has a setting with the same destination and the same role', eventStream(OURS, 0), true],
    ['does not have a setting with another role', eventStream({ ...OURS, RoleArn: ANOTHERS.RoleArn }), false],
    ['does not have a setting with another destination', eventStream({ ...ANOTHERS, RoleArn: OURS.RoleArn }), false],
    ['that does not exist has no setting', undefined, false],
  ])('%s', (_, found, expected) => {
    // THEN
    expect(hasSetting(found, OURS)).toBe(expected);
  });

  it.each<[string, EventStream | undefined, EventStream | undefined, boolean]>([
    ['unchanged where setting and date are the same', eventStream(OLD, 0), eventStream(OLD, 0), true],
    ['unchanged where the setting is the same, and there is no date', eventStream(OLD), eventStream(OLD), true],
    ['unchanged where there was none, and is none', undefined, undefined, true],
    ['changed where the date is another', eventStream(OLD, 0), eventStream(OLD, 1), false],
    ['changed where the setting is another', eventStream(OLD, 0), eventStream(OURS, 0), false],
    ['changed where it has come', undefined, eventStream(OLD, 0), false],
    ['changed where it has gone', eventStream(OLD), undefined, false],
  ])('is %s', (_, before, now, expected) => {
    // THEN
    expect(isUnchanged(before, now)).toBe(expected);
  });

  it.each<[string, EventStream | undefined, number | undefined, boolean]>([
    ['known to be modified since then where its date is later', eventStream(OURS, 1), 0, true],
    ['known to be modified since then where its date is the same', eventStream(OURS, 0), 0, true],
    ['not known to be modified since then where its date is earlier', eventStream(OURS, -1), 0, false],
    ['not known to be modified since then where it has no date', eventStream(OURS), 0, false],
    ['not known to be modified since then where it does not exist', undefined, 0, false],
    ['not known to be modified since an unknown time', eventStream(OURS, 1), undefined, false],
  ])('is %s', (_, found, since, expected) => {
    // THEN
    expect(isModifiedSince(found, since === undefined ? undefined : timeFromStart(since))).toBe(expected);
  });
});
