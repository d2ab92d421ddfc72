//! What the gazetteer knows of a word by itself.

/// What a word is by itself and what it begins, as bits; nothing until the gazetteer is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts(u16);

impl Facts {
    /// A form of a country begins with it.
    pub const OPENS_COUNTRY: Self = Self(1 << 4);
    /// A title or another phrase around names begins with it.
    pub const OPENS_PHRASE: Self = Self(1 << 5);
    /// A full name of somebody known begins with it.
    pub const OPENS_NAME: Self = Self(1 << 6);
    /// Somebody known is called so, and no more.
    pub const IS_NAME: Self = Self(1 << 7);
    /// A title or honorific ends with it.
    pub const ENDS_TITLE: Self = Self(1 << 8);
    /// The gazetteer was asked.
    pub const ASKED: Self = Self(1 << 15);
    /// The bits that tell what a word can be: those of `Word`.
    const WORD: u16 = 15;

    /// Those of a word of these bits.
    pub const fn of_word(bits: u8) -> Self {
        Self(bits as u16 & Self::WORD)
    }

    /// The bits that tell what a word can be.
    pub const fn word(self) -> u8 {
        (self.0 & Self::WORD) as u8
    }

    /// As they are kept in a table.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// As they were kept in a table.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Whether any of `other` holds.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether `other` may hold: it does, or nobody asked.
    pub const fn may_have(self, other: Self) -> bool {
        self.has(other) || !self.has(Self::ASKED)
    }

    /// Both together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
