import { html, type TemplateResult } from 'lit';
import { plain } from './words.js';

export type Tone = 'good' | 'active' | 'waiting' | 'bad' | 'none';

const tones: Record<string, Tone> = {
  sent: 'good',
  delivered: 'good',
  completed: 'good',
  up: 'good',
  failed: 'bad',
  bounced: 'bad',
  expired: 'bad',
  down: 'bad',
  partial: 'waiting',
  held: 'waiting',
  digesting: 'waiting',
  parked: 'waiting',
  retrying: 'waiting',
  paused: 'waiting',
  accepted: 'active',
  pending: 'active',
  sending: 'active',
  running: 'active',
  scheduled: 'active',
  collecting: 'active',
  closing: 'active',
};

/** How well a status bodes. */
export function toneOf(status: string): Tone {
  return tones[status] ?? 'none';
}

/** A status as a coloured word. */
export function badge(status: string, tone = toneOf(status)): TemplateResult {
  return html`<span class="badge ${tone}" data-status=${status}>${plain(status)}</span>`;
}
