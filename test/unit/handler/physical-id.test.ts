import { NEVER_CREATED, OUTCOME_UNKNOWN, physicalIdAfterFailure, physicalIdAfterSuccess } from '../../../src/handler/physical-id';
import type { CustomResourceRequest } from '../../../src/handler/request';
import { APP, createRequest, deleteRequest, MADE_UP_ID, OTHER_APP, updateRequest } from '../../support/handler/requests';

const changeOfApplication = updateRequest({}, { ApplicationId: OTHER_APP }, APP);

test('the physical IDs that mark a Create that has failed never change, since stacks may hold them', () => {
  // THEN
  expect([NEVER_CREATED, OUTCOME_UNKNOWN]).toEqual(['PinpointEventStream::NEVER_CREATED', 'PinpointEventStream::OUTCOME_UNKNOWN']);
});

test.each<[string, CustomResourceRequest, string]>([
  ['a Create is the application', createRequest(), APP],
  ['an Update to another application is that, so that CloudFormation deletes the old one', changeOfApplication, OTHER_APP],
  ['a Delete is what it was', deleteRequest(MADE_UP_ID), MADE_UP_ID],
])('the physical ID after the success of %s', (_, request, expected) => {
  // THEN
  expect(physicalIdAfterSuccess(request)).toBe(expected);
});

test.each<[string, CustomResourceRequest, boolean, string]>([
  ['a Create that changed nothing says so', createRequest(), false, NEVER_CREATED],
  ['a Create that may have changed something says so', createRequest(), true, OUTCOME_UNKNOWN],
  ['an Update is what it was, so that CloudFormation deletes nothing', changeOfApplication, true, APP],
  ['a Delete is what it was', deleteRequest(MADE_UP_ID), false, MADE_UP_ID],
])('the physical ID after the failure of %s', (_, request, mayHaveChanged, expected) => {
  // THEN
  expect(physicalIdAfterFailure(request, mayHaveChanged)).toBe(expected);
});
