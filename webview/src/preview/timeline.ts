// The timeline: rows by time, windows, and the watermark, which can be moved back and forth over the run.
import { element, setText } from '../page/element.ts';
import type { PreviewResult, PreviewTable, PreviewWindow } from '../protocol/index.ts';

const svg = 'http://www.w3.org/2000/svg';
const [width, height] = [1000, 46];
const windowsMax = 160;

export class Timeline {
  readonly root: HTMLElement;
  readonly #picture = document.createElementNS(svg, 'svg');
  readonly #slider = element('input', {
    type: 'range',
    min: '0',
    step: '1',
    'aria-label': 'Watermark: how far the run has come',
  });
  readonly #told = element('p', { class: 'timeline-told' });
  readonly #ends = [element('span'), element('span')] as const;
  #result: PreviewResult | null = null;
  #table: PreviewTable | null = null;
  #point: number | null = null;

  /** `moved` is told the point, and null at the end. */
  constructor(moved: (point: number | null) => void) {
    this.#picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#picture.setAttribute('preserveAspectRatio', 'none');
    this.#picture.setAttribute('aria-hidden', 'true');
    this.root = element(
      'section',
      { class: 'timeline', 'aria-label': 'Timeline' },
      element('div', { class: 'timeline-ends' }, ...this.#ends),
      this.#slider,
      this.#told,
    );
    this.root.insertBefore(this.#picture, this.#slider);
    this.#slider.addEventListener('input', () => {
      const last = (this.#result?.points.length ?? 1) - 1;
      const chosen = Number(this.#slider.value);
      this.#point = chosen >= last ? null : chosen;
      this.#draw();
      moved(this.#point);
    });
  }

  get point(): number | null {
    return this.#point;
  }

  show(result: PreviewResult, table: PreviewTable | null, point: number | null): void {
    this.#result = result;
    this.#table = table;
    this.#point = point;
    this.root.hidden = result.span === null || result.points.length === 0;
    this.#slider.max = String(Math.max(0, result.points.length - 1));
    this.#slider.value = String(point ?? result.points.length - 1);
    this.#draw();
  }

  #draw(): void {
    const [result, table] = [this.#result, this.#table];
    if (result?.span == null) return;
    const { fromMs, toMs } = result.span;
    const x = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * width;
    const at = result.points[this.#point ?? result.points.length - 1];
    const watermark = at?.watermarkMs ?? null;
    const parts: SVGElement[] = [];
    if (table?.window != null) parts.push(...windowBars(table.window, fromMs, toMs, watermark, x));
    parts.push(...bars(table?.histogram ?? []));
    if (watermark !== null && this.#point !== null) {
      const line = x(watermark);
      parts.push(rect('future', line, 0, width - line, height), rect('watermark', line - 0.75, 0, 1.5, height));
    }
    this.#picture.replaceChildren(...parts);
    setText(this.#ends[0], timeText(fromMs));
    setText(this.#ends[1], timeText(toMs));
    setText(this.#told, this.#words(result, table, at, watermark));
    this.#slider.setAttribute('aria-valuetext', this.#told.textContent ?? '');
  }

  #words(
    result: PreviewResult,
    table: PreviewTable | null,
    at: PreviewResult['points'][number] | undefined,
    watermark: number | null,
  ): string {
    if (at === undefined) return '';
    const rows = table === null ? 0 : (at.rows[result.tables.indexOf(table)] ?? 0);
    const taken = `${at.events.toLocaleString('en')} of ${result.events.toLocaleString('en')} events taken`;
    const counted = table === null ? '' : ` · ${rows.toLocaleString('en')} ${table.kind === 'input' ? 'events' : 'rows'}`;
    if (this.#point === null) return `To the end of the sample · ${taken}${counted}`;
    const open = table?.window != null && watermark !== null ? openWindow(table.window, watermark) : null;
    const mark = watermark === null ? 'watermark not yet known' : `watermark ${timeText(watermark)}`;
    return `${mark} · ${taken}${counted}${open === null ? '' : ` · open: ${open}`}`;
  }
}

function bars(histogram: readonly number[]): SVGElement[] {
  const most = Math.max(1, ...histogram);
  const step = width / Math.max(1, histogram.length);
  return histogram.flatMap((count, index) => {
    if (count === 0) return [];
    const tall = Math.max(2, (count / most) * (height - 12));
    return [rect('bar', index * step + step * 0.12, height - tall, step * 0.76, tall)];
  });
}

/** Each window as a bar along the top: closed behind the watermark, open around it. */
function windowBars(
  window: PreviewWindow,
  fromMs: number,
  toMs: number,
  watermark: number | null,
  x: (ms: number) => number,
): SVGElement[] {
  const { sizeMs, hopMs, offsetMs } = window;
  if ((window.kind !== 'tumbling' && window.kind !== 'hopping') || hopMs <= 0 || (toMs - fromMs) / hopMs > windowsMax) return [];
  const parts: SVGElement[] = [];
  const lanes = Math.min(3, Math.ceil(sizeMs / hopMs));
  let lane = 0;
  for (let endMs = Math.ceil((fromMs - offsetMs) / hopMs) * hopMs + offsetMs; endMs - sizeMs < toMs; endMs += hopMs) {
    const startMs = Math.max(fromMs, endMs - sizeMs);
    const from = x(startMs);
    const to = x(Math.min(toMs, endMs));
    const state = watermark === null || endMs <= watermark ? 'closed' : endMs - sizeMs < watermark ? 'open' : 'coming';
    if (to > from) parts.push(rect(`window ${state}`, from + 0.6, 1 + lane * 3, Math.max(0.5, to - from - 1.2), 2.2));
    lane = (lane + 1) % lanes;
  }
  return parts;
}

function openWindow({ kind, sizeMs, hopMs, offsetMs }: PreviewWindow, watermark: number): string | null {
  if ((kind !== 'tumbling' && kind !== 'hopping') || hopMs <= 0) return null;
  const endMs = (Math.floor((watermark - offsetMs) / hopMs) + 1) * hopMs + offsetMs;
  return `${timeText(endMs - sizeMs)} to ${timeText(endMs)}`;
}

function rect(className: string, x: number, y: number, wide: number, tall: number): SVGElement {
  const node = document.createElementNS(svg, 'rect');
  node.setAttribute('class', className);
  for (const [name, value] of Object.entries({ x, y, width: wide, height: tall })) node.setAttribute(name, value.toFixed(2));
  return node;
}

/** `12:00:10`, with the fraction where there is one. */
function timeText(ms: number): string {
  const text = new Date(ms).toISOString().slice(11, 23);
  return text.endsWith('.000') ? text.slice(0, 8) : text;
}
