import { html, nothing, type TemplateResult } from 'lit';

let byRegion: Map<string, string[]> | undefined;

/** Every zone that the browser knows, by continent. */
function zonesByRegion(): Map<string, string[]> {
  if (byRegion) return byRegion;
  byRegion = new Map();
  for (const zone of ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')]) {
    const region = zone.includes('/') ? zone.slice(0, zone.indexOf('/')) : zone;
    byRegion.set(region, [...(byRegion.get(region) ?? []), zone]);
  }
  return byRegion;
}

/** The options of a picker. @param current also offered where the browser calls it otherwise. */
export function zoneOptions(current: string): TemplateResult {
  const known = [...zonesByRegion()];
  const isKnown = !current || known.some(([, zones]) => zones.includes(current));
  const option = (zone: string) =>
    html`<option value=${zone} ?selected=${zone === current}>${zoneLabel(zone)}</option>`;
  return html`${isKnown ? nothing : option(current)}
  ${known.map(([region, zones]) =>
    zones.length === 1
      ? zones.map(option)
      : html`<optgroup label=${region.replaceAll('_', ' ')}>${zones.map(option)}</optgroup>`,
  )}`;
}

/** "America/New York" */
export function zoneLabel(zone: string): string {
  return zone.replaceAll('_', ' ');
}

/** Of this device. */
export function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
