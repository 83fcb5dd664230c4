// Sets or deletes as well, and answers CloudFormation itself.

const { handler: invoke } = require('./provider-framework');

exports.handler = async (request) => {
  const { StackId, RequestId, LogicalResourceId, ResourceProperties: { ApplicationId: PhysicalResourceId } } = request;
  const outcome = await invoke(request).then(() => ({ Status: 'SUCCESS' }), (error) => ({ Status: 'FAILED', Reason: error.message }));
  await fetch(request.ResponseURL, { method: 'PUT', body: JSON.stringify({ ...outcome, StackId, RequestId, LogicalResourceId, PhysicalResourceId }) });
};
