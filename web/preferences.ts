// `<script type="module" src="…/carillon-preferences.js">`
import { CarillonPreferences } from './elements/preferences/carillon-preferences.js';
import { ChannelsSection } from './elements/preferences/channels-section.js';
import { DigestSection } from './elements/preferences/digest-section.js';
import { MatrixSection } from './elements/preferences/matrix-section.js';
import { PauseSection } from './elements/preferences/pause-section.js';
import { PersonSection } from './elements/preferences/person-section.js';
import { PrivacySection } from './elements/preferences/privacy-section.js';
import { QuietSection } from './elements/preferences/quiet-section.js';
import { TopicsSection } from './elements/preferences/topics-section.js';
import { define } from './elements/shared/define.js';

export { connect, disconnect } from './client/connect.js';
export { addMessages } from './elements/shared/i18n.js';
export { CarillonPreferences };

const elements = {
  'carillon-preferences-pause': PauseSection,
  'carillon-preferences-channels': ChannelsSection,
  'carillon-preferences-types': MatrixSection,
  'carillon-preferences-quiet-hours': QuietSection,
  'carillon-preferences-digests': DigestSection,
  'carillon-preferences-topics': TopicsSection,
  'carillon-preferences-person': PersonSection,
  'carillon-preferences-privacy': PrivacySection,
  'carillon-preferences': CarillonPreferences,
};

for (const [name, element] of Object.entries(elements)) define(name, element);

declare global {
  interface HTMLElementTagNameMap {
    'carillon-preferences': CarillonPreferences;
  }
}
