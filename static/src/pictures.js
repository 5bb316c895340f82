// Only the pages of listening.
import "./elements/save-picture.js";
