// Only the map.
import "./elements/track-map.js";
