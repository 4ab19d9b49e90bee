import { html } from './html.js';

/**
 * What the page does beyond plain forms and links: follows the stream, sends without leaving, counts down. The server
 * renders everything; a fragment replaces the one with its id, so seeing a change twice shows it once.
 */
export const client = html`
(function () {
  'use strict';
  var byId = function (id) { return document.getElementById(id); };
  var channel = document.body.dataset.channel;
  var after = Number(document.body.dataset.after);
  var flow = byId('flow');
  var scroll = flow.parentElement;
  var small = matchMedia('(max-width: 760px)').matches;

  function fragment(source) {
    var template = document.createElement('template');
    template.innerHTML = source;
    prepare(template.content);
    return template.content.firstElementChild;
  }

  function newId() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    var bytes = Array.from(window.crypto.getRandomValues(new Uint8Array(16)));
    return bytes.map(function (byte) { return (byte + 256).toString(16).slice(1); }).join('');
  }

  // A half-typed reason survives the edit of the card it stands in.
  function keepTyping(before, next) {
    before.querySelectorAll('details.ask[open]').forEach(function (ask) {
      var command = ask.querySelector('[name=text]').value;
      next.querySelectorAll('details.ask').forEach(function (other) {
        if (other.querySelector('[name=text]').value !== command) return;
        other.open = true;
        ['id', 'input'].forEach(function (name) {
          other.querySelector('[name=' + name + ']').value = ask.querySelector('[name=' + name + ']').value;
        });
        var typed = ask.querySelector('[name=input]');
        if (typed === document.activeElement) {
          var place = typed.selectionStart;
          setTimeout(function () {
            var field = other.querySelector('[name=input]');
            field.focus();
            field.setSelectionRange(place, place);
          });
        }
      });
    });
  }

  function show(message) {
    var next = fragment(message.html);
    var before = byId(next.id);
    if (before) keepTyping(before, next);
    if (message.pinned) {
      var facts = before && before.querySelector('.facts');
      next.querySelector('.facts').open = facts ? facts.open : !small;
      if (before) before.remove();
      byId('pin').replaceChildren(next);
      return;
    }
    if (before && before.parentElement === flow) return before.replaceWith(next);
    if (before) before.remove();
    var shown = Array.from(flow.querySelectorAll(':scope > .message'));
    if (shown.length && message.position < Number(shown[0].dataset.position) && flow.querySelector('.older')) return;
    var later = shown.find(function (one) { return Number(one.dataset.position) > message.position; });
    flow.insertBefore(next, later || null);
    flow.querySelectorAll('.empty').forEach(function (one) { one.remove(); });
  }

  var source;
  function follow() {
    source = new EventSource('/chat/web/stream?channel=' + encodeURIComponent(channel) + '&after=' + after);
    source.onopen = function () { byId('lost').hidden = true; };
    source.onerror = function () {
      byId('lost').hidden = false;
      // A refused connection is not tried again by the browser.
      if (source.readyState === 2) setTimeout(follow, 3000);
    };
    source.addEventListener('message', function (event) {
      after = Number(event.lastEventId);
      show(JSON.parse(event.data));
    });
    source.addEventListener('places', function (event) {
      var update = JSON.parse(event.data);
      byId('places').innerHTML = update.places;
      prepare(byId('places'));
      if (byId('overview') && update.overview !== null) {
        byId('overview').innerHTML = update.overview;
        prepare(byId('overview'));
      }
      if (byId('away')) {
        byId('away').innerHTML = update.away;
        prepare(byId('away'));
      }
      unread();
    });
    source.addEventListener('reload', function () { location.reload(); });
  }

  // What was read is only known to this browser.
  function unread() {
    var seen = {};
    try { seen = JSON.parse(localStorage.getItem('seen')) || {}; } catch (refused) { seen = {}; }
    var here = document.querySelector('[data-place="' + channel + '"]');
    if (here && !document.hidden) seen[channel] = Number(here.dataset.last);
    document.querySelectorAll('[data-place]').forEach(function (place) {
      var last = Number(place.dataset.last);
      if (seen[place.dataset.place] === undefined) seen[place.dataset.place] = last > after ? 0 : last;
      place.classList.toggle('unread', place !== here && last > seen[place.dataset.place]);
    });
    try { localStorage.setItem('seen', JSON.stringify(seen)); } catch (refused) { return; }
  }

  function relative(at) {
    var seconds = Math.round((at - Date.now()) / 1000);
    var size = Math.abs(seconds);
    var words = size < 60 ? size + ' s' : size < 5400 ? Math.round(size / 60) + ' min'
      : size < 129600 ? Math.round(size / 3600) + ' h' : Math.round(size / 86400) + ' days';
    return seconds >= 0 ? 'in ' + words : words + ' ago';
  }
  function tick() {
    document.querySelectorAll('time[data-relative]').forEach(function (one) {
      var words = relative(Date.parse(one.dateTime));
      if (one.textContent !== words) one.textContent = words;
    });
  }
  function prepare(root) {
    root.querySelectorAll('time').forEach(function (one) {
      one.title += ', ' + new Date(one.dateTime).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) + ' here';
      if ('relative' in one.dataset) one.textContent = relative(Date.parse(one.dateTime));
    });
    root.querySelectorAll('[data-copy], [data-close]').forEach(function (one) { one.hidden = false; });
  }

  // An answer with nothing left to press, or with the same buttons, has had its time when the next one comes.
  function tell(source) {
    var next = fragment(source);
    var asks = function (one) { return one.querySelector('.buttons') && one.querySelector('.buttons [name=text]').value; };
    flow.querySelectorAll('.whisper').forEach(function (old) {
      if (!asks(old) || verb(asks(old)) === verb(asks(next))) old.remove();
    });
    flow.append(next);
    scroll.scrollTop = scroll.classList.contains('top-down') ? scroll.scrollHeight : 0;
    next.scrollIntoView({ block: next.offsetHeight > scroll.clientHeight ? 'start' : 'nearest' });
  }
  function verb(command) { return command && command.split(' ')[1]; }
  function trouble(first, second) {
    var told = document.createElement('aside');
    told.className = 'whisper refused';
    told.setAttribute('role', 'status');
    var words = document.createElement('p');
    words.textContent = first + ' ' + second;
    told.append(words);
    tell(told.outerHTML);
  }

  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!form.matches('[data-act], [data-say]')) return;
    event.preventDefault();
    if (form.hasAttribute('aria-busy')) return;
    form.setAttribute('aria-busy', 'true');
    var body = new URLSearchParams(new FormData(form));
    fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body: body }).then(function (response) {
      return response.json().then(function (answer) {
        if (response.status >= 500) return trouble(answer.error + '.', answer.hint);
        form.elements.id.value = newId();
        if (!response.ok) return trouble(answer.error + '.', answer.hint);
        if (answer.shown) show(answer.shown);
        if (answer.html) tell(answer.html);
        else scroll.scrollTop = 0;
        if (answer.refusal && form.matches('[data-say]')) return;
        form.reset();
        if (form.parentElement.matches('details.ask')) form.parentElement.open = false;
      });
    }).catch(function () {
      // The id stays, so pressing again cannot do it twice.
      trouble('Not sent: no connection.', 'Press again when it is back; it counts once.');
    }).finally(function () { form.removeAttribute('aria-busy'); });
  });

  document.addEventListener('click', function (event) {
    var pressed = event.target.closest('[data-copy], [data-close]');
    if (!pressed) return;
    if ('close' in pressed.dataset) return pressed.closest('.whisper').remove();
    var code = pressed.parentElement.querySelector('code');
    var selected = function () { getSelection().selectAllChildren(code); };
    if (!navigator.clipboard) return selected();
    navigator.clipboard.writeText(code.textContent).then(function () {
      pressed.textContent = 'Copied';
      setTimeout(function () { pressed.textContent = 'Copy'; }, 1500);
    }, selected);
  });

  document.addEventListener('toggle', function (event) {
    if (event.target.matches('details.ask') && event.target.open) event.target.querySelector('[name=input]').focus();
  }, true);

  var field = byId('text');
  field.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || field.tagName !== 'TEXTAREA') return;
    event.preventDefault();
    field.form.requestSubmit();
  });
  document.addEventListener('keydown', function (event) {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea')) return;
    if (field.tagName !== 'TEXTAREA') event.preventDefault();
    field.focus();
  });
  document.addEventListener('visibilitychange', unread);

  document.querySelectorAll('.pinned .facts').forEach(function (facts) { facts.open = !small; });
  if (matchMedia('(hover: hover)').matches) field.focus();
  prepare(document);
  unread();
  setInterval(tick, 1000);
  follow();
})();
`;
