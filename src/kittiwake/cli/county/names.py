"""Names of many families, and streets and towns that do not exist."""

# Each: an ethnic group, a language, names of girls and of boys, and families.
PEOPLES: tuple[tuple[str, str, str, str, str], ...] = (
    ("W1", "English", "Ivy Megan Poppy Keira Beth Freya Libby Tilly Maisie Skye Hollie Robyn Tess "
     "Amber Jasmine Chloe Daisy Erin Gracie Nell",
     "Alfie Kai Reece Toby Jake Finn Callum Archie Leo Dylan Ollie Connor Rory Max Tyler Ben Noah "
     "Sonny Frankie Harvey",
     "Barlow Thorne Pickering Wade Goodall Rudd Haines Marlow Sadler Tate Quill Fenn Birch Lacey "
     "Ackroyd Bagshaw Cutler Denham Eames Farrow Garside Hobday Ingram Jessop Kersey Larter Mutton "
     "Norris Oakes Purdy Raven Stokes Tranter Upton Varley Whybrow Youngs Spink"),
    ("W1", "English", "Cerys Nia Seren Ffion Catrin", "Rhodri Iolo Osian Macsen Tomos",
     "Vaughan Bevan Pryce Llewellyn Parry"),
    ("W2", "English", "Niamh Orla Sinéad Clodagh", "Cian Darragh Eoin Oisín",
     "Kavanagh Doyle Tierney Nolan"),
    ("W3", "English", "Shannon Margaret Kathleen", "Paddy Miley Johnjo", "Ward Connors Maughan"),
    ("W9", "Polish", "Zofia Maja Oliwia Lena", "Kacper Filip Jakub Szymon",
     "Wójcik Lis Mazur Sikora Zając"),
    ("W9", "Romanian", "Ioana Andreea Bianca Daria", "Matei Radu Luca Andrei",
     "Popa Dumitru Lungu Stan"),
    ("B2", "English", "Temi Abena Zainab Ngozi Adaeze Efua", "Kofi Tobi Ebo Chidi Femi Kwabena",
     "Balogun Boateng Eze Nwosu Sesay Danso Okoro Adebayo"),
    ("B1", "English", "Tiana Shanice Amara Renée", "Jermaine Marcus Tyrell Andre",
     "Campbell Palmer Francis Gayle"),
    ("B2", "Somali", "Hodan Sagal Ifrah", "Liban Abdi Guled", "Warsame Farah Jama"),
    ("A2", "Urdu", "Ayesha Hira Mahnoor Sana", "Hamza Bilal Zayn Usman",
     "Akhtar Mirza Chaudhry Butt"),
    ("A1", "Gujarati", "Diya Anaya Riya Kavya", "Arjun Rohan Dev Krish", "Patel Solanki Mistry"),
    ("A3", "Sylheti", "Nusrat Tahmina Sumaiya", "Rafi Tanvir Nayeem", "Miah Begum Uddin"),
    ("A9", "Vietnamese", "Linh Mai Thảo", "Minh Tuấn Khoa", "Nguyen Tran Pham"),
    ("A4", "Cantonese", "Wing Hiu Yan", "Ho Lok Ming", "Cheung Lau Kwok"),
    ("O2", "Kurdish", "Rojin Shilan Dilan", "Rebin Aram Zana", "Karim Rashid Saeed"),
    ("O2", "Arabic", "Layla Rania Yasmin", "Omar Sami Yusuf", "Haddad Nasser Khalil"),
    ("O9", "Pashto", "Spozhmai Palwasha Zarmina", "Ahmad Jawid Samim", "Stanekzai Popal Wardak"),
    ("M1", "English", "Jada Esme Naomi Ruby", "Isaac Theo Ezra Mason",
     "Lloyd-Grant Ashby Fletcher Reid"),
    ("W9", "Ukrainian", "Daryna Solomiia Kateryna", "Bohdan Taras Ostap",
     "Kovalenko Shevchuk Melnyk"),
)  # fmt: skip
WEIGHTS = (34, 8, 5, 3, 8, 4, 7, 6, 3, 5, 4, 3, 2, 2, 2, 3, 2, 9, 2)

STREETS = (
    "Bittern Way", "Samphire Road", "Mill Creek", "Oystercatcher Close", "Sluice Lane",
    "Plover Rise", "Beacon Street", "Saltings Avenue", "Net Loft Yard", "Marram Drive",
    "Ferry Lane", "Curlew Court", "Harbour Parade", "Reedbed Walk", "Windpump Road",
    "Lifeboat Terrace", "Tern Street", "Brine Lane", "Dune View", "Customs House Row",
)  # fmt: skip
TOWNS = ("Saltmarsh", "Eelbridge", "North Spit", "Marrow Quay", "Lesser Wick")
