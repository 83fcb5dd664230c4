import { logContextOf, requestedAt } from '../../../src/handler/request';
import { createRequest } from '../../support/handler/requests';

const URL_WITHOUT_QUERY = 'https://bucket.s3.amazonaws.com/x?';

describe('the time of a request', () => {
  it.each([
    ['is the date for which its URL is signed', 'X-Amz-Date=20261124T015903Z&X-Amz-Expires=7200', Date.UTC(2026, 10, 24, 1, 59, 3)],
    ['is found anywhere in the query', 'X-Amz-Expires=7200&X-Amz-Date=20261124T015903Z', Date.UTC(2026, 10, 24, 1, 59, 3)],
    ['is unknown where the URL has none', 'AWSAccessKeyId=A&Expires=1795485543', undefined],
    ['is unknown where another parameter has it', 'Y-X-Amz-Date=20261124T015903Z', undefined],
    ['is unknown where the date has another form', 'X-Amz-Date=2026-11-24', undefined],
    ['is unknown where the date is none', 'X-Amz-Date=20269999T999999Z', undefined],
  ])('%s', (_, query, expected) => {
    // WHEN
    const time = requestedAt({ ...createRequest(), ResponseURL: URL_WITHOUT_QUERY + query });

    // THEN
    expect(time).toBe(expected);
  });
});

test('the log tells of a request what identifies it, and not its URL', () => {
  // WHEN
  const logged = logContextOf(createRequest());

  // THEN
  const { StackId, RequestId, LogicalResourceId } = createRequest();
  expect(logged).toEqual({ requestType: 'Create', requestId: RequestId, stackId: StackId, logicalId: LogicalResourceId });
});
