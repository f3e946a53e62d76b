// Times and quotes play the recording from there, without loading the page again; the page works without this file too.
"use strict";

const audio = document.querySelector("audio");
const beside = matchMedia("(min-width: 60.01rem)"); // as in desk.css: the transcript stands beside the verdicts
const turns = Array.from(document.querySelectorAll(".turns li"));

// A little before the second: the first sound of a word is often earlier than the recogniser says.
function playFrom(second) {
  audio.currentTime = Math.max(0, second - Number(audio.dataset.lead));
  audio.play().catch(() => {}); // a browser that forbids it still stands at the right second
}

function show(turn, address) {
  history.replaceState(null, "", address); // so that the address bar holds the place
  for (const one of turns) one.classList.toggle("came", one === turn);
  if (turn && beside.matches) turn.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-seek]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (audio.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) return; // nothing to play: a plain link
  event.preventDefault();
  const address = new URL(link.getAttribute("href"), location.href);
  show(document.getElementById(address.hash.slice(1)), address);
  playFrom(Number(link.dataset.seek));
});

audio.addEventListener("timeupdate", () => {
  for (const turn of turns) {
    const now = Number(turn.dataset.start) <= audio.currentTime && audio.currentTime < Number(turn.dataset.end);
    turn.classList.toggle("now", now && !audio.paused);
  }
});
