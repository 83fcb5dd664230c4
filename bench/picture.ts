import { Results } from './results';
import { SubjectName, SUBJECTS } from './subjects';

const NAMES: Record<SubjectName, string> = {
  'native': 'CfnEventStream',
  'ours': 'PinpointEventStream',
  'aws-custom-resource': 'AwsCustomResource',
  'provider-framework': 'Provider framework',
  'naive': 'NodejsFunction',
};

/** A measure, and what each way has of it; a way that is absent was not measured. */
interface Panel {
  readonly title: string;
  readonly figures: Partial<Record<SubjectName, number>>;
}

function panels({ sizes, coldStarts, firstCreates, synthesis, deployments }: Results): Panel[] {
  const from = (figure: (name: SubjectName) => number | undefined) => Object.fromEntries(SUBJECTS.map((name) => [name, figure(name)]));
  const handler = (name: SubjectName) => (name === 'native' ? undefined : name);
  return [
    { title: 'resources in the template', figures: from((name) => sizes[name][1].resources) },
    { title: 'bytes of the template', figures: from((name) => sizes[name][1].templateBytes) },
    { title: 'bytes of the assets', figures: from((name) => sizes[name][1].assetBytes) },
    { title: 'load the function, ms', figures: from((name) => handler(name) && coldStarts[handler(name)!].median) },
    { title: 'load, and the first Create, ms', figures: from((name) => handler(name) && firstCreates[handler(name)!].median) },
    { title: 'synthesis, ms', figures: from((name) => synthesis[name]?.[1].median) },
    { title: 'deployment in the emulator, ms', figures: from((name) => deployments[name]?.create.milliseconds.median) },
  ];
}

const WIDTH = 860;
const ROW = 18;
const PANEL = { width: 410, height: 34 + SUBJECTS.length * ROW };
const LABELS = 130;
const BARS = 190;

/** docs/benchmarks.svg: one panel for each measure, one bar for each way. */
export function picture(results: Results): string {
  const drawn = panels(results).map((panel, index) => draw(panel, 20 + (index % 2) * (PANEL.width + 10), 44 + Math.floor(index / 2) * PANEL.height));
  const height = 44 + Math.ceil(drawn.length / 2) * PANEL.height + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description" font-family="Helvetica, Arial, sans-serif" font-size="12">
  <title id="title">What one event stream costs, in five ways</title>
  <desc id="description">Bars for the resources, the bytes of template and assets, and the times of loading, of a first request, of synthesis and of a deployment; the figures are in benchmarks.md.</desc>
  <rect x="1" y="1" width="${WIDTH - 2}" height="${height - 2}" rx="12" fill="#ffffff" stroke="#8c959f" stroke-width="2"/>
  <text x="20" y="28" font-size="15" font-weight="bold" fill="#24292f">What one event stream costs, in five ways (less is better)</text>
${drawn.join('\n')}
</svg>
`;
}

function draw({ title, figures }: Panel, x: number, y: number): string {
  const most = Math.max(...Object.values(figures).map((figure) => figure ?? 0));
  const bars = SUBJECTS.map((name, index) => {
    const figure = figures[name];
    const top = y + 22 + index * ROW;
    const length = figure === undefined ? 0 : Math.round(BARS * figure / most);
    const label = figure === undefined ? '–' : Math.round(figure).toLocaleString('en');
    const weight = name === 'ours' ? ' font-weight="bold"' : '';
    return `  <text x="${x + LABELS}" y="${top + 11}" text-anchor="end" fill="#57606a"${weight}>${NAMES[name]}</text>
  <rect x="${x + LABELS + 8}" y="${top}" width="${length}" height="13" fill="${name === 'ours' ? '#0969da' : '#afb8c1'}"/>
  <text x="${x + LABELS + 14 + length}" y="${top + 11}" fill="#24292f"${weight}>${label}</text>`;
  });
  return `  <text x="${x}" y="${y + 12}" font-size="13" font-weight="bold" fill="#24292f">${title}</text>\n${bars.join('\n')}`;
}
