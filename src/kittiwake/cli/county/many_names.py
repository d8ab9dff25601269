"""Names by the thousand, so that the county's are as common and as rare as a county's are.

Family names of the largest group are put together from parts of places; the others, and given
names, add to those of `names.py`. How often each comes follows its place in the list.
"""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from kittiwake.cli.county.names import PEOPLES, WEIGHTS

_FIRST = (
    "Ash Bar Beck Bil Black Bram Brad Burn Cal Car Chad Clay Clif Coll Cran Dal Dar Den Dun Eas "
    "Ed El Fair Farn Fen Ford Gar Gold Grim Hal Ham Har Has Hay Hed Hol Horn Hux Ing Kel Ken "
    "Kirk Lam Lang Lin Long Mal Mar Mel Mid Mil Nor Oak Os Pem Pen Pres Rad Red Ren Rock Row "
    "Rush Sal Sel Shel Sher Stan Sten Stock Sut Swin Tem Thorn Til Tre Tur Wal War Wel Wes Whit "
    "Wil Win Wood Wy"
)
_LAST = (
    "ton ley well worth by ham field den ford wick more stead ridge low combe croft dale gate "
    "land man ner son stone ville ward wood bourne brook bury"
)
_MORE: dict[str, tuple[str, str, str]] = {
    "English": (
        "Abigail Ada Alice Amelia Anna Aria Aurora Ava Bella Bonnie Charlotte Clara Darcie Delilah "
        "Edith Eleanor Eliza Ella Ellie Elsie Emilia Emily Emma Esme Eva Evelyn Evie Faith "
        "Florence Gabriella Georgia Grace Hannah Harper Harriet Heidi Holly Hope Imogen Iris "
        "Isabella Isabelle Isla Jessica Julia Katie Lacey Lara Lauren Layla Lily Lola Lottie Lucy "
        "Luna Lyla Maddison Maeve Maria Martha Matilda Maya Mia Mila Millie Molly Myla Nancy Niamh "
        "Nora Olive Olivia Ophelia Orla Penelope Phoebe Robyn Rosa Rose Rosie Ruby Sara Sarah "
        "Scarlett Sienna Sofia Sophia Sophie Summer Thea Victoria Violet Willow Zara Zoe",
        "Aaron Adam Aiden Albert Albie Alex Alexander Arlo Arthur Austin Bobby Caleb Carter "
        "Charles Charlie Chester Daniel David Dominic Edward Eli Elijah Elliot Ethan Ezra Felix "
        "Francis Frank Fraser Frederick Freddie Gabriel George Grayson Harrison Harry Henry Hugo "
        "Hunter Ian Jack Jackson Jacob James Jasper Jaxon Jayden Jenson Jesse Joe Joseph Joshua "
        "Jude Kian Kieran Lewis Liam Logan Louie Louis Luca Lucas Luke Matthew Michael Milo Myles "
        "Nathan Nathaniel Oakley Oliver Oscar Otis Otto Owen Patrick Peter Philip Ralph Ray Reggie "
        "Reuben Robert Robin Roman Ronnie Rowan Rufus Rupert Ryan Sam Samuel Seb Sebastian Stanley "
        "Stephen Teddy Thomas Tobias Tommy Vincent Wilfred William Zachary",
        "Smith Jones Taylor Brown Clarke Wright Cooper Green Baker Hall Moore King Webb Hunt Mills "
        "Palmer Knight Barker Harvey Fisher Mason Chapman Gibbs Marsh Rowe Frost Nash Potter Page "
        "Bird Goddard Fuller Bishop Sparrow Balls Catchpole Garrod Cutting Leggett Borrett Scarfe "
        "Thurlow Aldous Girling Last Pettitt Pooley Rix Utting Warne Woolnough Blowers Brundish",
    ),
    "Polish": (
        "Hanna Julia Zuzanna Alicja Amelia Natalia Wiktoria Nadia",
        "Antoni Jan Aleksander Mikołaj Franciszek Wojciech Adam Stanisław",
        "Nowak Kowalski Wiśniewski Kamiński Lewandowski Zieliński Szymański Dąbrowski Kozłowski "
        "Jankowski Krawczyk Piotrowski Grabowski Pawłowski Michalski Król Wieczorek Jabłoński",
    ),
    "Romanian": (
        "Maria Elena Sofia Alexandra Gabriela Larisa",
        "David Ștefan Ionuț Mihai Alexandru Cristian",
        "Ionescu Popescu Constantin Marin Munteanu Rusu Moldovan Nistor Ciobanu Florea Lazăr",
    ),
    "Urdu": (
        "Fatima Maryam Zara Aleena Iqra Noor Areeba Laiba",
        "Muhammad Ibrahim Ahmed Haider Hassan Ali Danyal Rayyan",
        "Khan Hussain Ahmed Malik Iqbal Shah Mahmood Raza Qureshi Sheikh Aslam Rehman Bashir Zaman",
    ),
    "Somali": (
        "Amina Fadumo Hibaq Nimco Maryan Sahra", "Mohamed Yusuf Mahad Zakaria Bilal Ayub",
        "Ali Hassan Mohamed Abdi Ahmed Osman Ibrahim Omar Hussein Ismail Aden Yusuf",
    ),
    "Gujarati": (
        "Mira Isha Priya Aarohi Jiya", "Aarav Vivaan Jay Neel Kishan",
        "Shah Desai Parmar Chauhan Rathod Joshi Mehta Amin Gohil Vaghela",
    ),
    "Sylheti": (
        "Aisha Maisha Safiya Tasnim Jannat", "Ayaan Zakir Sufian Tahmid Mahdi",
        "Rahman Ali Hussain Khatun Choudhury Islam Hoque Khanom Alam",
    ),
    "Ukrainian": (
        "Anna Sofiia Polina Veronika Zlata", "Maksym Artem Dmytro Nazar Oleksandr",
        "Bondarenko Tkachenko Kravchenko Oliinyk Lysenko Savchenko Marchenko Rudenko",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class People:
    """One of the groups of names: given names by sex, family names, each with its weight."""

    ethnicity: str
    language: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]
    heavy: tuple[float, ...]

    def given(self, random: Random, sex: str) -> str:
        """A given name; the first of the list come more often."""
        names = self.girls if sex == "F" else self.boys
        return names[int(len(names) * random.random() ** 1.35)]

    def family(self, random: Random) -> str:
        """A family name, as often as its place in the list says."""
        at = bisect(self.heavy, random.random() * self.heavy[-1])
        return self.families[min(at, len(self.families) - 1)]


def peoples() -> tuple[list[People], list[int]]:
    """Every group of names, and how many in a hundred families have names of it."""
    made, first = [], True
    for ethnicity, language, girls, boys, families in PEOPLES:
        more = _MORE.get(language, ("", "", "")) if first or language != "English" else ("", "", "")
        surnames = f"{families} {more[2]}".split()
        if first:
            surnames += [a + b for a in _FIRST.split() for b in _LAST.split() if a[-1] != b[0]]
        first = False
        heavy = accumulate(1 / (rank + 8) ** 0.8 for rank in range(len(surnames)))
        made.append(
            People(ethnicity, language, _all(girls, more[0]), _all(boys, more[1]),
                   tuple(surnames), tuple(heavy))
        )  # fmt: skip
    # As in a county of the east of England; the demo's own scenes show more of everybody.
    return made, [w if n else 560 for n, w in enumerate(WEIGHTS)]


def _all(*lists: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(lists).split()))


NICKNAMES: dict[str, str] = {
    "Abigail": "Abi", "Alexander": "Alex", "Alfie": "Alfred", "Archie": "Archibald",
    "Benjamin": "Ben", "Beth": "Elizabeth", "Charlie": "Charles", "Charlotte": "Lottie",
    "Daniel": "Danny", "Eleanor": "Ellie", "Eliza": "Elizabeth", "Frederick": "Freddie",
    "Freddie": "Fred", "Gabriella": "Gabby", "Georgia": "Georgie", "Harry": "Henry",
    "Isabella": "Bella", "Jack": "John", "James": "Jamie", "Jessica": "Jess", "Joseph": "Joe",
    "Joshua": "Josh", "Katie": "Katherine", "Kateryna": "Katya", "Leo": "Leonard",
    "Libby": "Elizabeth", "Louie": "Louis", "Maddison": "Maddie", "Margaret": "Maggie",
    "Matilda": "Tilly", "Matthew": "Matt", "Max": "Maxwell", "Megan": "Meg", "Michael": "Mike",
    "Millie": "Amelia", "Muhammad": "Mohammed", "Nathaniel": "Nate", "Oliver": "Ollie",
    "Ollie": "Oliver", "Penelope": "Penny", "Reggie": "Reginald", "Robert": "Bobby",
    "Samuel": "Sam", "Sebastian": "Seb", "Sophia": "Sophie", "Stanley": "Stan",
    "Stanisław": "Stan", "Teddy": "Edward", "Temi": "Temitope", "Theo": "Theodore",
    "Thomas": "Tom", "Tobi": "Oluwatobi", "Toby": "Tobias", "Victoria": "Vicky",
    "Wilfred": "Wilf", "William": "Will", "Wojciech": "Wojtek", "Zachary": "Zach",
}  # fmt: skip
