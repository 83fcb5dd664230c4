import { awscdk, Component, github, ReleasableCommits, release } from 'projen';
import { DOTNET, NODE, PYTHON, TOOLS } from './github';

const { JobPermission } = github.workflows;

/** What publishes, in the versions of its lock files. */
const PUBLISH = '.github/publish';

/** The jobs of projen that publish to a registry, each by the script of publib with that name. */
const REGISTRIES = ['npm', 'maven', 'pypi', 'nuget', 'golang'];

/** Options of the project that are about its release. examples/, README.md and test/packages/ use the names of the packages. */
export const RELEASE_OPTIONS = {
  npmTrustedPublishing: true,
  publishToPypi: { distName: 'cdk-pinpoint-event-stream', module: 'cdk_pinpoint_event_stream', trustedPublishing: true },
  publishToNuget: { packageId: 'CdkPinpointEventStream', dotNetNamespace: 'CdkPinpointEventStream', trustedPublishing: true },
  // Maven Central and Git know no trusted publishing: a signing key and a token, a deploy key of the one repository.
  publishToMaven: {
    mavenGroupId: 'io.github.cdk-pinpoint-event-stream',
    mavenArtifactId: 'cdk-pinpoint-event-stream',
    javaPackage: 'io.github.cdkpinpointeventstream',
  },
  publishToGo: {
    moduleName: 'github.com/cdk-pinpoint-event-stream/cdk-pinpoint-event-stream-go',
    packageName: 'cdkpinpointeventstream',
    githubUseSsh: true,
    githubDeployKeySecret: 'GO_DEPLOY_KEY',
  },
  // Started by hand: nobody wants the function of a deployed stack to change with every merge.
  release: true,
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  // An upgrade of what is in the function is a reason as well.
  releasableCommits: ReleasableCommits.everyCommit(),
  minMajorVersion: 1,
  // Its reviewer lets a release go on; secrets and registries know no other.
  releaseEnvironment: 'release',
  workflowNodeVersion: NODE,
  releaseWorkflowSetupSteps: [
    {
      name: 'Require that the tests of this commit have passed',
      env: { GH_TOKEN: '${{ github.token }}' },
      run: 'test -n "$(gh run list --repo "$GITHUB_REPOSITORY" --workflow test.yml --branch main --event push --commit "$GITHUB_SHA" --status success --json url --jq \'.[].url\')" || '
        + '{ echo "::error::the workflow test has not passed for $GITHUB_SHA: wait for it, or mend what it found"; exit 1; }',
    },
    TOOLS.python,
    TOOLS.java,
    TOOLS.go,
    TOOLS.dotnet,
  ],
} satisfies Partial<awscdk.AwsCdkConstructLibraryOptions>;

/**
 * Builds the packages of all languages in the job that can publish nothing, and publishes them in jobs that run
 * nothing but what publishes. (projen builds each of them beside the credentials of its registry.)
 */
export function addRelease(project: awscdk.AwsCdkConstructLibrary): void {
  project.packageTask.reset();
  project.packageTask.spawn(project.tasks.tryFind('package-all')!);
  // Without the tests, which have passed for this commit: nothing that only they need runs beside what is packaged.
  const build = project.addTask('release:build', {
    description: 'Builds what is released',
    steps: ['default', 'pre-compile', 'compile', 'post-compile', 'package'].map((task) => ({ spawn: task })),
  });
  const releaseTask = project.tasks.tryFind('release')!;
  releaseTask.updateStep(releaseTask.steps.findIndex(({ spawn }) => spawn === 'build'), { spawn: build.name });
  new SeparateBuild(project);
}

/** Changes the jobs of projen, which it adds just before they are synthesized. */
class SeparateBuild extends Component {
  public preSynthesize(): void {
    const workflow = github.GitHub.of(this.project)!.tryFindWorkflow('release')!;
    this.build(workflow);
    REGISTRIES.forEach((registry) => this.publish(workflow, registry));
    this.publishOnGitHub(workflow);
  }

  private build(workflow: github.GithubWorkflow): void {
    workflow.updateJob('release', {
      ...workflow.getJob('release') as github.workflows.Job,
      // To ask for the runs of the workflow `test`.
      permissions: { contents: JobPermission.READ, actions: JobPermission.READ },
    });
    workflow.insertStepAfter('release', 'release', {
      id: 'describe',
      name: 'Add an SBOM, and the hash of the function to the changelog',
      run: 'node tools/describe-release.mjs',
    });
  }

  private publish(workflow: github.GithubWorkflow, registry: string): void {
    const id = `release_${registry}`;
    const job = workflow.getJob(id) as github.workflows.Job;
    const keep = ['download_build_artifacts', 'restore_build_artifact_permissions', ...registry === 'golang' ? ['setup_github_deploy_key'] : []];
    const publishStep = job.steps.find((step) => step.id === 'release')!;
    const python = publishStep.env?.PYPI_TRUSTED_PUBLISHER || publishStep.env?.NUGET_TRUSTED_PUBLISHER;
    workflow.updateJob(id, {
      ...job,
      tools: {
        ...job.tools,
        ...python ? { python: { version: PYTHON } } : {},
        // projen names one that has reached its end of life.
        ...registry === 'nuget' ? { dotnet: { version: DOTNET } } : {},
      },
      steps: [
        github.WorkflowSteps.checkout(),
        { name: 'Install publib', run: 'npm ci --ignore-scripts', workingDirectory: PUBLISH },
        ...python ? [{ name: 'Install what publib calls', run: `python3 -m pip install --user --require-hashes -r ${PUBLISH}/requirements.txt` }] : [],
        ...keep.map((stepId) => workflow.getStep(id, stepId)),
        {
          ...publishStep,
          // publib would replace by the newest versions what has been installed.
          env: { ...publishStep.env, ...python ? { PIP_NO_INDEX: 'true' } : {} },
          run: `${PUBLISH}/node_modules/.bin/publib-${registry}`,
        },
      ],
    });
  }

  private publishOnGitHub(workflow: github.GithubWorkflow): void {
    const id = 'release_github';
    workflow.updateJob(id, {
      ...workflow.getJob(id) as github.workflows.Job,
      permissions: { contents: JobPermission.WRITE, idToken: JobPermission.WRITE, attestations: JobPermission.WRITE },
    });
    const subjects = ['dist/js/*.tgz', 'dist/python/*', 'dist/java/**/*.jar', 'dist/dotnet/*.nupkg'].join('\n');
    const attest = (stepId: string, name: string, inputs: object) => workflow.insertStepBefore(id, 'release', {
      id: stepId,
      name,
      if: '${{ !inputs.dry_run }}',
      uses: 'actions/attest@v4.2.2',
      with: { 'subject-path': subjects, ...inputs },
    });
    attest('provenance', 'Attest the provenance of the packages', {});
    attest('sbom', 'Attest the SBOM of the packages', { 'sbom-path': 'dist/sbom.cdx.json' });
    const { env, run } = workflow.getStep(id, 'release');
    workflow.patchStep(id, 'release', {
      env: { ...env, PROVENANCE: '${{ steps.provenance.outputs.bundle-path }}' },
      // The command ends with that which makes the release: it takes files.
      run: `cp "$PROVENANCE" dist/provenance.sigstore.json\n${run} dist/provenance.sigstore.json dist/sbom.cdx.json`,
    });
  }
}
