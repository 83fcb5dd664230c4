import { awscdk, Component, github, javascript, JsonPatch, YamlFile } from 'projen';

const { ActionRefs } = github;
const { JobPermission } = github.workflows;

/**
 * The commit of each version of an action that the workflows name by a tag, which can be moved. Versions that
 * projen names by a hash are not in here; a tag that is missing fails test/e2e/workflows.test.ts.
 */
const COMMITS: Record<string, string> = {
  'actions/attest@v4.2.2': '1e69f48acb82d1966a394da916b4c1698aa569d6',
  'actions/setup-dotnet@v6.0.0': 'a98b56852c35b8e3190ac28c8c2271da59106c68',
  'actions/setup-go@v7.0.0': 'b7ad1dad31e06c5925ef5d2fc7ad053ef454303e',
  'actions/setup-java@v6.0.0': 'dd06d9cba3e5552c54d9f8ea23572deb30010f7c',
  'actions/setup-node@v7.0.0': '820762786026740c76f36085b0efc47a31fe5020',
  'actions/setup-python@v7.0.0': '5fda3b95a4ea91299a34e894583c3862153e4b97',
  'github/codeql-action/analyze@v4.36.2': '8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
  'github/codeql-action/init@v4.36.2': '8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
  'peter-evans/create-pull-request@v8.1.1': '5f6978faf089d4d20b00c7766989d076bb2fc7f1',
};

/** The Node that workflows run, apart from the unit tests, which run on several. */
export const NODE = '24';

export const PYTHON = '3.11';

export const DOTNET = '10.x';

/** A version that was published a moment ago may be malicious, or broken; others find out in a week. */
const COOLDOWN_DAYS = 7;

/** Python that installs emulators and checkers, a JDK, Go and a .NET SDK that build the packages for their languages. */
export const TOOLS: Record<'python' | 'java' | 'go' | 'dotnet', github.workflows.JobStep> = {
  python: { uses: ActionRefs.ACTIONS_SETUP_PYTHON, with: { 'python-version': PYTHON } },
  java: { uses: ActionRefs.ACTIONS_SETUP_JAVA, with: { 'distribution': 'temurin', 'java-version': '17' } },
  // Nothing that another workflow left in a cache gets into a package.
  go: { uses: ActionRefs.ACTIONS_SETUP_GO, with: { 'go-version': 'stable', 'cache': false } },
  dotnet: { uses: ActionRefs.ACTIONS_SETUP_DOTNET, with: { 'dotnet-version': DOTNET, 'cache': false } },
};

/** Options of the project that are about GitHub. */
export const GITHUB_OPTIONS = {
  // These are written by hand, in .github.
  pullRequestTemplate: false,
  // The workflow `test` instead.
  buildWorkflow: false,
  depsUpgradeOptions: {
    cooldown: COOLDOWN_DAYS,
    workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.WEEKLY },
  },
  githubOptions: {
    mergify: false,
    // The token opens pull requests: only workflows of the branch main get it.
    projenCredentials: github.GithubCredentials.fromPersonalAccessToken({ environment: 'upgrade' }),
    pullRequestLintOptions: {
      semanticTitleOptions: { types: ['feat', 'fix', 'perf', 'docs', 'test', 'refactor', 'build', 'ci', 'chore', 'revert'] },
    },
    dependencyReview: true,
    dependencyReviewOptions: { commentSummaryInPr: 'never' },
  },
} satisfies Partial<awscdk.AwsCdkConstructLibraryOptions>;

/** Adds what this project has on GitHub apart from the workflows of projen and the release. */
export function addGitHub(project: awscdk.AwsCdkConstructLibrary): void {
  addTests(project.github!);
  addNightly(project.github!);
  addAudit(project.github!);
  addCodeQl(project.github!);
  addDependabot(project);
  mergeUpgrades(project.github!);
  lintTitlesWithoutSecrets(project.github!);
  new LeastPrivilege(project);
}

/** The first steps of each job that runs something of this repository. */
function setUp(node: string, ...tools: github.workflows.JobStep[]): github.workflows.JobStep[] {
  return [
    github.WorkflowSteps.checkout(),
    { uses: ActionRefs.ACTIONS_SETUP_NODE, with: { 'node-version': node, 'package-manager-cache': false } },
    ...tools,
  ];
}

function uploadReports(name: string): github.workflows.JobStep {
  return github.WorkflowSteps.uploadArtifact({ name: 'Upload reports', if: 'always()', with: { name, path: 'test-reports' } });
}

function addTests(gitHub: github.GitHub): void {
  const workflow = gitHub.addWorkflow('test');
  workflow.on({ pullRequest: {}, push: { branches: ['main'] } });
  workflow.addJobs({
    all: {
      name: 'all tests',
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ },
      steps: [
        ...setUp(NODE, TOOLS.python, TOOLS.java, TOOLS.go, TOOLS.dotnet),
        { run: '.ci/run', env: { REQUIRE_DOTNET: 'true' } },
        // Against what is on npm; nothing before the first release.
        { run: 'npx projen compat' },
        uploadReports('test-reports'),
      ],
    },
    unit: {
      name: 'unit tests (Node ${{ matrix.node }})',
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ },
      strategy: { failFast: false, matrix: { domain: { node: ['20', '22', '24'] } } },
      steps: [
        ...setUp('${{ matrix.node }}'),
        { run: 'npm run test:unit' },
        uploadReports('test-reports-node-${{ matrix.node }}'),
      ],
    },
  });
}

/** What takes too long for each pull request. */
function addNightly(gitHub: github.GitHub): void {
  const job = (name: string, ...steps: github.workflows.JobStep[]): github.workflows.Job => ({
    name,
    runsOn: ['ubuntu-latest'],
    permissions: { contents: JobPermission.READ },
    steps: [...setUp(NODE), ...steps, uploadReports(`test-reports-${name}`)],
  });
  const workflow = gitHub.addWorkflow('nightly');
  workflow.on({ schedule: [{ cron: '0 3 * * *' }], workflowDispatch: {} });
  workflow.addJobs({
    mutation: job('mutation', { run: 'npm run test:mutation' }),
    explorer: job('explorer', { run: 'npm run test:explorer', env: { EXPLORER_DEVIATIONS: '2' } }),
    bench: job('bench', TOOLS.python, { run: 'npm run bench' }),
  });
}

/** Not part of `npm test`, which gives the same result on the same commit; what is known of dependencies changes by the day. */
function addAudit(gitHub: github.GitHub): void {
  const workflow = gitHub.addWorkflow('audit');
  workflow.on({ pullRequest: {}, schedule: [{ cron: '0 6 * * 1' }], workflowDispatch: {} });
  workflow.addJobs({
    audit: {
      name: 'known vulnerabilities, and signatures of packages',
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ },
      steps: [
        ...setUp(NODE, TOOLS.python),
        ...['.', 'test/support/newest-cdk', '.github/publish'].flatMap((workingDirectory) =>
          ['npm ci --ignore-scripts', 'npm audit', 'npm audit signatures'].map((run) => ({ workingDirectory, run }))),
        ...['test/support/emulators', 'test/support/checkers', '.github/publish'].map((directory) => ({
          // Strict: a package that it does not know has not been audited.
          run: `pipx run --python python3 pip-audit==2.10.1 --strict --disable-pip --require-hashes -r ${directory}/requirements.txt`,
        })),
        // Online, unlike in the tests: it looks for known vulnerabilities of actions, and for commits that are not of their repositories.
        { run: 'pipx run --python python3 zizmor==1.30.1 .github', env: { GH_TOKEN: '${{ github.token }}' } },
      ],
    },
  });
}

function addCodeQl(gitHub: github.GitHub): void {
  const workflow = gitHub.addWorkflow('codeql');
  workflow.on({ pullRequest: {}, push: { branches: ['main'] }, schedule: [{ cron: '0 7 * * 1' }] });
  workflow.addJobs({
    analyze: {
      name: 'CodeQL (${{ matrix.language }})',
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ, securityEvents: JobPermission.WRITE },
      strategy: { failFast: false, matrix: { domain: { language: ['actions', 'javascript-typescript'] } } },
      steps: [
        github.WorkflowSteps.checkout(),
        { uses: 'github/codeql-action/init@v4.36.2', with: { 'languages': '${{ matrix.language }}', 'build-mode': 'none' } },
        { uses: 'github/codeql-action/analyze@v4.36.2', with: { category: '/language:${{ matrix.language }}' } },
      ],
    },
  });
}

/** What the workflow `upgrade-main` does not reach: it knows the packages of package.json. */
function addDependabot(project: awscdk.AwsCdkConstructLibrary): void {
  const weekly = { 'schedule': { interval: 'weekly' }, 'cooldown': { 'default-days': COOLDOWN_DAYS }, 'commit-message': { prefix: 'build' } };
  new YamlFile(project, '.github/dependabot.yml', {
    obj: {
      version: 2,
      updates: [
        { 'package-ecosystem': 'npm', 'directories': ['/test/support/newest-cdk', '/.github/publish'], ...weekly },
        {
          // The lock files are made by uv.
          'package-ecosystem': 'uv',
          'directories': ['/test/support/emulators', '/test/support/checkers', '/.github/publish'],
          // publib takes an older one.
          'ignore': [{ 'dependency-name': 'twine', 'versions': ['>=6.2.0'] }],
          ...weekly,
        },
      ],
    },
  });
}

/**
 * Lets the pull request of an upgrade merge itself once its required checks have passed. Not by `gh pr merge --auto`,
 * which merges at once where no check is required; this fails there.
 */
function mergeUpgrades(gitHub: github.GitHub): void {
  gitHub.tryFindWorkflow('upgrade-main')!.appendStep('pr', {
    id: 'auto_merge',
    name: 'Merge once the required checks have passed',
    if: 'steps.create-pr.outputs.pull-request-number',
    env: {
      GH_TOKEN: gitHub.projenCredentials.tokenRef,
      PULL_REQUEST: '${{ steps.create-pr.outputs.pull-request-number }}',
    },
    run: [
      'id=$(gh pr view "$PULL_REQUEST" --json id --jq .id)',
      'gh api graphql -f id="$id" -f query=\'mutation($id: ID!) {',
      '  enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: SQUASH }) { clientMutationId }',
      '}\'',
    ].join('\n'),
  });
}

/** A title needs neither secrets nor a token that writes, which `pull_request_target` would give to pull requests of anybody. */
function lintTitlesWithoutSecrets(gitHub: github.GitHub): void {
  const workflow = gitHub.tryFindWorkflow('pull-request-lint')!;
  workflow.on({ pullRequestTarget: undefined, pullRequest: { types: ['opened', 'edited', 'reopened', 'synchronize'] } });
  workflow.updateJob('validate', {
    ...workflow.getJob('validate') as github.workflows.Job,
    permissions: { pullRequests: JobPermission.READ },
  });
}

/** Holds for the workflows of projen as well, which get their last jobs and steps before they are synthesized. */
class LeastPrivilege extends Component {
  public constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    const { actions } = project.github!;
    Object.entries(COMMITS).forEach(([action, commit]) => actions.set(action, action.replace(/@.*/, `@${commit}`)));
  }

  public preSynthesize(): void {
    for (const workflow of github.GitHub.of(this.project)!.workflows) {
      // Each job has those that it needs.
      workflow.file!.patch(JsonPatch.add('/permissions', {}));
      for (const [id, job] of Object.entries(workflow.jobs)) {
        for (const step of (job as github.workflows.Job).steps) {
          if (step.uses === ActionRefs.ACTIONS_CHECKOUT) {
            // Nothing that runs later finds the token in .git/config.
            workflow.patchStep(id, step.id!, { with: { ...step.with, 'persist-credentials': false } });
          }
        }
      }
    }
  }
}
