//! Takes the UI's requests apart: wishes for the search, the rest for the feeder.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use anyhow::Context as _;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::ground::Ground;
use super::session::{End, session};
use crate::cli::context::Rules;
use crate::cli::run::sentence;
use crate::tui::advising::{News, Search, Wish};
use crate::tui::{Message, Request};

/// What the thread that searches hears and says.
pub struct Desk {
    wishes: mpsc::Receiver<Wish>,
    messages: UnboundedSender<Message>,
    halt: Arc<Halt>,
    /// Where facts come from.
    pub ground: Ground,
    /// Pages and their parameters.
    pub rules: Arc<Rules>,
}

/// What ends things before they are done.
#[derive(Debug, Default)]
struct Halt {
    /// The search is to stop.
    is_stopped: AtomicBool,
    /// The UI has ended.
    is_over: AtomicBool,
    /// Wishes that wait.
    waiting: AtomicUsize,
}

/// Takes requests from `requests`, and hands those that are no wishes on to `others`. Two threads end when
/// `requests` closes, and drop `ended` then; what the search has started is gone by that time.
pub fn open(
    mut requests: UnboundedReceiver<Request>,
    others: UnboundedSender<Request>,
    messages: UnboundedSender<Message>,
    ground: Ground,
    rules: Arc<Rules>,
    ended: mpsc::Sender<()>,
) -> anyhow::Result<()> {
    let (wisher, wishes) = mpsc::channel();
    let halt = Arc::new(Halt::default());
    let desk = Desk {
        wishes,
        messages,
        halt: Arc::clone(&halt),
        ground,
        rules,
    };
    let of_work = ended.clone();
    std::thread::Builder::new()
        .name("adviser".to_owned())
        .spawn(move || {
            desk.work();
            drop(of_work);
        })
        .context("cannot start the thread that searches for indexes")?;
    std::thread::Builder::new()
        .name("desk".to_owned())
        .spawn(move || {
            while let Some(request) = requests.blocking_recv() {
                let sent = match request {
                    Request::Advising(wish) => {
                        halt.pass(&wish);
                        wisher.send(wish).is_ok()
                    }
                    other => others.send(other).is_ok(),
                };
                // Nobody reads any more: the channel closes, and the UI says so.
                if !sent {
                    break;
                }
            }
            halt.is_over.store(true, Ordering::Relaxed);
            drop(ended);
        })
        .context("cannot start the thread that takes requests")?;
    Ok(())
}

impl Halt {
    /// A search that begins forgets an earlier stop.
    fn pass(&self, wish: &Wish) {
        let is_stop = matches!(wish, Wish::Stop);
        if is_stop || matches!(wish, Wish::Search(_)) {
            self.is_stopped.store(is_stop, Ordering::Relaxed);
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }
}

impl Desk {
    /// Works until the UI ends.
    fn work(self) {
        let mut next = self.search();
        while let Some(search) = next {
            match session(&self, &search) {
                Ok(End::Over) => return,
                Ok(End::Again(search)) => {
                    next = Some(search);
                    continue;
                }
                Ok(End::Stopped) => self.tell(News::Stopped),
                Err(error) => self.tell(News::Failed(sentence(&error))),
            }
            next = self.search();
        }
    }

    /// Waits for the next search; `None`: the UI has ended.
    fn search(&self) -> Option<Search> {
        loop {
            if let Wish::Search(search) = self.next()? {
                return Some(search);
            }
        }
    }

    /// Waits for the next wish; `None`: the UI has ended.
    pub fn next(&self) -> Option<Wish> {
        let wish = self.wishes.recv().ok();
        if wish.is_some() {
            self.halt.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        wish
    }

    /// What runs is to stop.
    pub fn is_stopped(&self) -> bool {
        self.halt.is_stopped.load(Ordering::Relaxed) || self.halt.is_over.load(Ordering::Relaxed)
    }

    /// Something newer is wished.
    pub fn has_waiting(&self) -> bool {
        self.halt.waiting.load(Ordering::Relaxed) > 0
    }

    /// Tells the UI.
    pub fn tell(&self, news: News) {
        // The UI may have ended; then so does this, soon.
        let _ = self.messages.send(Message::Advising(news));
    }

    /// Tells what is being done before the search.
    pub fn doing(&self, what: &str) {
        self.tell(News::Doing(what.to_owned()));
    }
}
