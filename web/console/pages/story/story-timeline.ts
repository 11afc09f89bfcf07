import { html, nothing, type TemplateResult } from 'lit';
import { fullTime } from '../../../elements/shared/relative-time.js';
import type { Story } from '../../calls/shapes.js';
import { toneOf } from '../../parts/status.js';
import { exactTime } from '../../parts/time.js';
import { channelInWords, plain, reasonInWords } from '../../parts/words.js';
import type { StoryDrawing } from './story-plan.js';

interface Entry {
  at: string;
  event: string;
  detail?: string;
}

const TONES: Record<string, string> = { read: 'good', opened: 'good', clicked: 'good', replied: 'good' };

/** Everything that happened, oldest first, what was told of each delivery too. */
export function timelinePanel(drawing: StoryDrawing, story: Story): TemplateResult {
  const { texts } = drawing;
  return html`<section class="panel" aria-labelledby="timeline">
    <header><h2 id="timeline">${texts.t('story.timeline')}</h2></header>
    <ol class="timeline">
      ${entriesOf(drawing, story).map(
        ({ at, event, detail }) =>
          html`<li class=${TONES[event] ?? toneOf(event)}>
            <div>
              <strong>${plain(event)}</strong>
              ${detail === undefined ? nothing : html`<span class="muted">${detail}</span>`}
            </div>
            <time datetime=${at} title=${fullTime(at, texts.lang)}>${exactTime(at, texts.lang)}</time>
          </li>`,
      )}
    </ol>
  </section>`;
}

function entriesOf({ texts }: StoryDrawing, { timeline, deliveries }: Story): Entry[] {
  const told = deliveries.flatMap(({ channel, sentAt, deliveredAt, openedAt, clickedAt, repliedAt }) => {
    const times: [string, string | null][] = [
      ['sent', sentAt],
      ['delivered', deliveredAt],
      ['opened', openedAt],
      ['clicked', clickedAt],
      ['replied', repliedAt],
    ];
    const detail = channelInWords(texts, channel);
    return times.flatMap(([event, at]) => (at === null ? [] : [{ at, event, detail }]));
  });
  const own = timeline.map(({ at, event, detail }) =>
    detail === undefined ? { at, event } : { at, event, detail: reasonInWords(texts, detail) },
  );
  // Some sends are told by the timeline too.
  const more = told.filter(({ at, event }) => !own.some((one) => one.at === at && one.event === event));
  return [...own, ...more].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
