import { LitElement, type CSSResultGroup } from 'lit';
import { Localizer } from '../shared/i18n.js';
import { Icons } from '../shared/icons.js';
import { theme } from '../shared/theme.js';
import type { PreferencesText } from './messages-en.js';
import type { Failure, PreferencesModel, PreferencesView } from './preferences-model.js';
import { sectionStyles } from './section-styles.js';

/** A part of the preference page: shows a part of what it is given, and asks the model for changes. */
export abstract class PreferencesSection extends LitElement {
  static override styles: CSSResultGroup = [theme, sectionStyles];
  static override properties = {
    model: { attribute: false },
    view: { attribute: false },
    failure: { attribute: false },
  };

  declare model: PreferencesModel;
  declare view: PreferencesView;
  /** Of this part. */
  declare failure?: Failure;

  protected readonly texts = new Localizer<PreferencesText>(this);
  protected readonly icons = new Icons(this);
}
