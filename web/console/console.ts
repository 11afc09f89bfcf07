// The operators' page at `/console`.
import { addMessages } from '../elements/shared/i18n.js';
import './shell/app.js';
import './parts/icons.js';
import { english } from './messages-en.js';
import { applyTheme, storedTheme } from '../elements/shared/page-theme.js';

addMessages('en', english);
applyTheme('console', storedTheme('console'));
// Times and numbers are written as the reader’s own English does.
if (navigator.language.startsWith('en')) document.documentElement.lang = navigator.language;
