import { CfnDeletionPolicy, CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { errorAt } from './report';

const RETAINED = [CfnDeletionPolicy.RETAIN, CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE];

/** Resources that share a removal policy, because none of them is of use without the others. */
export class RemovalGroup {
  private readonly resources: CfnResource[] = [];
  private policy?: RemovalPolicy;

  constructor(private readonly scope: Construct) {}

  /** Adds the resources in a scope, except those that are retained anyway. */
  public addAllIn(scope: Construct): void {
    const added = scope.node.findAll()
      .filter((child): child is CfnResource => CfnResource.isCfnResource(child))
      .filter(({ cfnOptions: { deletionPolicy } }) => !deletionPolicy || !RETAINED.includes(deletionPolicy));
    this.resources.push(...added);
    if (this.policy) {
      this.applyRemovalPolicy(this.policy);
    }
  }

  /** @throws on SNAPSHOT, which would otherwise fail only during a deployment */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    if (policy === RemovalPolicy.SNAPSHOT) {
      throw errorAt(this.scope, 'removalPolicy must be DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE, got SNAPSHOT');
    }
    this.policy = policy;
    this.resources.forEach((resource) => resource.applyRemovalPolicy(policy));
  }
}
