// What every page brings to life. Each element is one file; without it the page still works.
import "./elements/ask-here.js";
import "./elements/closing-notice.js";
import "./elements/copy-text.js";
import "./elements/live-part.js";
import "./elements/look-again.js";
import "./elements/live-list.js";
import "./elements/music-player.js";
import "./elements/pick-board.js";
import "./elements/pop-menu.js";
import "./elements/reveal-password.js";
import "./elements/search-field.js";
import "./elements/spotify-player.js";
import "./elements/star-rating.js";
import "./elements/theme-choice.js";
import "./elements/time-zone.js";
import "./elements/toast-list.js";
import { keepOfflinePage } from "./offline.js";

keepOfflinePage();
