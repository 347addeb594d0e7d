// The OP iframe (OpenID Connect Session Management 1.0, 3.2). In a script that old engines understand, and those of
// test suites without a screen: no const, no arrow functions, no crypto.subtle.
// protocol/session_state.py computes the same on the server.
(function () {
  var cookie = document.body.getAttribute("data-cookie");
  var message = /^(.+) ([0-9a-f]{64}\.([A-Za-z0-9_-]+))$/;

  // SHA-256 (FIPS 180-4) of a text in UTF-8, in hexadecimal digits.
  var sha256 = (function () {
    var roots = { square: [], cube: [] };
    for (var candidate = 2; roots.cube.length < 64; candidate++) {
      if (isPrime(candidate)) {
        roots.square.push(fraction(Math.sqrt(candidate)));
        roots.cube.push(fraction(Math.pow(candidate, 1 / 3)));
      }
    }

    function isPrime(number) {
      for (var factor = 2; factor * factor <= number; factor++) {
        if (number % factor === 0) { return false; }
      }
      return true;
    }

    // The first 32 bits behind the point.
    function fraction(number) {
      return ((number - Math.floor(number)) * 4294967296) | 0;
    }

    function rotate(word, bits) {
      return (word >>> bits) | (word << (32 - bits));
    }

    // The message in words of 32 bits: a one behind it, zeros, and its length in the last two.
    function padded(bytes) {
      var words = [], length = ((bytes.length + 8 >> 6) + 1) * 16;
      for (var place = 0; place < length; place++) { words[place] = 0; }
      for (var index = 0; index < bytes.length; index++) {
        words[index >> 2] |= bytes.charCodeAt(index) << (24 - 8 * (index % 4));
      }
      words[bytes.length >> 2] |= 128 << (24 - 8 * (bytes.length % 4));
      words[length - 2] = Math.floor(bytes.length / 536870912);
      words[length - 1] = bytes.length << 3;
      return words;
    }

    function schedule(words, start) {
      var w = words.slice(start, start + 16);
      for (var t = 16; t < 64; t++) {
        var late = w[t - 2], early = w[t - 15];
        var sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
        var sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
        w[t] = (sigma1 + w[t - 7] + sigma0 + w[t - 16]) | 0;
      }
      return w;
    }

    function compressed(hash, w) {
      var a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
      for (var t = 0; t < 64; t++) {
        var sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        var sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        var first = (h + sum1 + ((e & f) ^ (~e & g)) + roots.cube[t] + w[t]) | 0;
        var second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
      }
      var state = [a, b, c, d, e, f, g, h];
      for (var place = 0; place < 8; place++) { state[place] = (state[place] + hash[place]) | 0; }
      return state;
    }

    return function (text) {
      var words = padded(unescape(encodeURIComponent(text))), hash = roots.square.slice(0, 8), digits = "";
      for (var start = 0; start < words.length; start += 16) { hash = compressed(hash, schedule(words, start)); }
      for (var place = 0; place < 8; place++) {
        digits += ("0000000" + (hash[place] >>> 0).toString(16)).slice(-8);
      }
      return digits;
    };
  })();

  // Empty where nobody has signed in.
  function userAgentState() {
    var pairs = document.cookie.split("; ");
    for (var index = 0; index < pairs.length; index++) {
      if (pairs[index].indexOf(cookie + "=") === 0) { return pairs[index].substring(cookie.length + 1); }
    }
    return "";
  }

  // The origin stands in the hash: to a page of any other origin every session state has changed.
  function answer(data, origin) {
    var parts = typeof data === "string" ? message.exec(data) : null;
    if (!parts) { return "error"; }
    var expected = sha256(parts[1] + " " + origin + " " + userAgentState() + " " + parts[3]) + "." + parts[3];
    return parts[2] === expected ? "unchanged" : "changed";
  }

  function reply(event, readable) {
    var told;
    try { told = answer(event.data, event.origin); } catch (unreadable) { told = "error"; }
    // Where the browser keeps the state from us, all would have changed, again and again (5.1).
    event.source.postMessage(!readable && userAgentState() === "" ? "error" : told, event.origin);
  }

  function receive(event) {
    // A page without an origin of its own cannot be told anything that others would not read.
    if (!event.origin || event.origin === "null" || !event.source) { return; }
    if (!document.hasStorageAccess) { reply(event, true); return; }
    document.hasStorageAccess().then(function (readable) { reply(event, readable); });
  }

  window.addEventListener("message", receive, false);
})();
